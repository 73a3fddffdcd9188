import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { BROWSER_MODULES } from '../../src/platform/browser-modules.ts'
import { readLook } from '../../src/platform/look.ts'

const SRC = fileURLToPath(new URL('../../src/', import.meta.url))
const { files } = readLook(readConfig({}))

const served = (name: string) => String(files.get(name)?.body)
const importsOf = (text: string) =>
  ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName)

describe('the modules that browsers get', () => {
  test('are all that they import, and nothing comes from a package', () => {
    for (const name of BROWSER_MODULES)
      for (const to of importsOf(served(name))) {
        expect(to).toMatch(/^\.\.?\//)
        expect(BROWSER_MODULES).toContain(posix.join(posix.dirname(name), to))
      }
  })

  test('are each needed by the page’s own', () => {
    const needed = new Set<string>()
    const load = (name: string): void => {
      if (needed.has(name)) return
      needed.add(name)
      for (const to of importsOf(served(name))) load(posix.join(posix.dirname(name), to))
    }
    load('web/assets/verify-record.ts')
    expect([...needed].sort()).toEqual([...BROWSER_MODULES].sort())
  })

  test.each(BROWSER_MODULES)('%s is the source without its types, and JavaScript', (name) => {
    const source = readFileSync(`${SRC}${name}`, 'utf8')
    expect(served(name)).toHaveLength(source.length)
    const read = ts.transpileModule(served(name), {
      reportDiagnostics: true,
      fileName: name.replace('.ts', '.js'),
      compilerOptions: { target: ts.ScriptTarget.ES2024, module: ts.ModuleKind.ESNext },
    })
    expect(read.diagnostics).toEqual([])
    expect(files.get(name)?.type).toBe('text/javascript; charset=utf-8')
  })
})
