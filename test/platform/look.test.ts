import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ConfigError } from '../../src/config.ts'
import { assetPath } from '../../src/look.ts'
import { readLook } from '../../src/platform/look.ts'
import { STYLES } from '../../src/web/stylesheet.ts'

const dir = mkdtempSync(join(tmpdir(), 'mianzheng-look-'))

afterAll(() => rmSync(dir, { recursive: true, force: true }))

const look = (logoFile?: string, productName?: string) => readLook({ logoFile, productName })

function logo(name: string, bytes: number): string {
  const path = join(dir, name)
  writeFileSync(path, Buffer.alloc(bytes, 'x'))
  return path
}

describe('what browsers load', () => {
  test('stands under one hash, which changes with any of it and with nothing else', () => {
    const plain = look()
    expect(look().hash).toBe(plain.hash)
    expect(look(logo('a.svg', 9)).hash).not.toBe(plain.hash)
    expect(look(undefined, '云汀协助').hash).toBe(plain.hash)
    expect(assetPath(plain, 'style.css')).toBe(`/assets/${plain.hash}/style.css`)
    expect(plain.hash).toMatch(/^[\w-]{12}$/)
  })

  test('has every stylesheet of ours, what is printed last', () => {
    expect(STYLES.at(-1)).toBe('print')
    const css = String(look().files.get('style.css')?.body)
    expect(css.trimEnd().endsWith('}')).toBe(true)
    expect(css.lastIndexOf('@media print')).toBeGreaterThan(css.lastIndexOf('.ds-table.stack'))
  })

  test('may go by the operator’s own name and mark', () => {
    const { names, logo: name, files } = look(logo('mark.PNG', 9), '云汀协助')
    expect(names).toEqual({ zh: '云汀协助', en: '云汀协助' })
    expect(files.get(String(name))?.type).toBe('image/png')
  })
})

describe('a LOGO_FILE that does not fit stops the start', () => {
  test.each([
    ['another type', () => logo('mark.gif', 9)],
    ['too large', () => logo('large.png', 64 * 1024 + 1)],
    ['not there', () => join(dir, 'none.svg')],
    ['a folder', () => dir],
  ])('%s', (_, path) => {
    expect(() => look(path())).toThrow(ConfigError)
    expect(() => look(path())).toThrow(/LOGO_FILE/)
  })
})
