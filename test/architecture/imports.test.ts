import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

const SRC = fileURLToPath(new URL('../../src/', import.meta.url))

type Import = { readonly from: string; readonly to: string; readonly isType: boolean }
type Module = { readonly path: string; readonly lines: number; readonly imports: readonly Import[] }

const modules = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readModule(name.replaceAll('\\', '/')))

function readModule(path: string): Module {
  const text = readFileSync(join(SRC, path), 'utf8')
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest)
  const types = new Set<string>()
  file.forEachChild((node) => {
    if (ts.isImportDeclaration(node) && isTypeOnly(node))
      types.add((node.moduleSpecifier as ts.StringLiteral).text)
  })
  const values = new Set<string>()
  file.forEachChild((node) => {
    if (ts.isImportDeclaration(node) && !isTypeOnly(node))
      values.add((node.moduleSpecifier as ts.StringLiteral).text)
  })
  const imports = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => ({
    from: path,
    to: fileName.startsWith('.') ? posix.join(posix.dirname(path), fileName) : fileName,
    isType: types.has(fileName) && !values.has(fileName),
  }))
  return { path, lines: text.split('\n').length - 1, imports }
}

function isTypeOnly({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const { namedBindings, name } = importClause
  if (name || !namedBindings || !ts.isNamedImports(namedBindings)) return false
  return namedBindings.elements.every((element) => element.isTypeOnly)
}

/**
 * The layers, lowest first: a folder imports from its own layer or a lower one, never upwards. Files at
 * the top of src/ stand here by their own name.
 */
const LAYERS: readonly (readonly string[])[] = [
  ['errors.ts', 'config.ts', 'look.ts', 'crypto.ts', 'trace.ts', 'storage', 'texts', 'jws'],
  ['bounded-body.ts', 'pointers.ts'],
  // problem.ts is the public face of an error: the path signs it, the edge writes it.
  ['problem.ts'],
  'registry contract policy connector evidence log people keys notify calendar'.split(' '),
  ['cases'],
  // deps.ts names everything that a step may touch, as types.
  ['exchange', 'supervision', 'audit', 'proposal', 'deps.ts'],
  ['http', 'web', 'cli'],
  ['app.ts'],
  ['platform'],
]

/**
 * Client and provider kits stand alone, but for the one reader of messages and the one rule by which names
 * compare: another reading of either would break promises 1 and 7.
 */
const ALONE: readonly string[] = ['client', 'provider']

/**
 * One verifier for gateway, command line and SDK: what is evidence must not depend on who judges it. These
 * files do no I/O and load nothing but jose (below: PURE), so the SDK's package carries them along.
 */
const VERIFIER: readonly string[] = [
  ...'base64 receipt trust verify'.split(' ').map((name) => `log/${name}.ts`),
  ...'compact strict-json'.split(' ').map((name) => `jws/${name}.ts`),
]

const layerOf = (path: string): number => {
  const [top] = path.split('/') as [string]
  return LAYERS.findIndex((layer) => layer.includes(top))
}

const internal = modules.flatMap(({ imports }) => imports).filter(({ to }) => to.endsWith('.ts'))
const external = modules.flatMap(({ imports }) => imports).filter(({ to }) => !to.endsWith('.ts'))
const arrow = ({ from, to }: Import) => `${from} → ${to}`

test('the whole of src/ is looked at', () => {
  expect(modules.length).toBeGreaterThan(50)
  expect(internal.length).toBeGreaterThan(100)
})

describe('imports', () => {
  test('every folder and file at the top has its place in a layer', () => {
    const homeless = modules.filter(
      ({ path }) => layerOf(path) < 0 && !ALONE.includes(path.split('/')[0] as string),
    )
    expect(homeless.map(({ path }) => path)).toEqual([])
  })

  test('never lead upwards', () => {
    const upwards = internal.filter(
      (one) => layerOf(one.to) > layerOf(one.from) && !isExcepted(one),
    )
    expect(upwards.map(arrow)).toEqual([])
  })

  test('form no circle between files, types aside', () => {
    const next = new Map(
      modules.map(({ path, imports }) => [
        path,
        imports.filter(({ to, isType }) => to.endsWith('.ts') && !isType).map(({ to }) => to),
      ]),
    )
    const done = new Set<string>()
    const circles: string[] = []
    const visit = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path))
        circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
      if (trail.includes(path) || done.has(path)) return
      for (const to of next.get(path) ?? []) visit(to, [...trail, path])
      done.add(path)
    }
    for (const { path } of modules) visit(path, [])
    expect(circles).toEqual([])
  })

  test('of the platform are found in platform/ alone', () => {
    const native = /^(node:|better-sqlite3$|pg$|pg-|cloudflare:|@hono\/node-server)/
    const strays = external
      .filter(({ to, from }) => native.test(to) && !from.startsWith('platform/'))
      // The engine's handle is named as a type; nothing of it is loaded.
      .filter(({ from, isType }) => !(from === 'storage/sqlite.ts' && isType))
    expect(strays.map(arrow)).toEqual([])
  })

  test('of client and provider are jose, and what reads messages, compares names and verifies offline', () => {
    const strays = modules
      .filter(({ path }) => ALONE.includes(path.split('/')[0] as string))
      .flatMap(({ imports }) => imports)
      .filter(({ from, to }) => to !== 'jose' && to.split('/')[0] !== from.split('/')[0])
      .filter(({ to }) => !/^(jws\/|trace\.ts$|contract\/name\.ts$)/.test(to))
      .filter(({ from, to }) => !(from.startsWith('client/') && VERIFIER.includes(to)))
    expect(strays.map(arrow)).toEqual([])
  })
})

/** The ways up that are meant: types of deps.ts, the SDK's verifier, and the command line as a composition root. */
function isExcepted({ from, to, isType }: Import): boolean {
  // What stands alone is in no layer: its own test below says what it may load.
  if (ALONE.includes(from.split('/')[0] as string)) return true
  if (to === 'deps.ts') return isType
  if (from === 'deps.ts') return isType
  if (from.startsWith('client/') && VERIFIER.includes(to)) return true
  return from.startsWith('cli/') && to.startsWith('platform/')
}

/** What judges, hashes or verifies takes plain data: no engine, no server, no clock, no platform. */
const PURE = [
  ...'merkle edge tile note checkpoint receipt verify verify-entry leaf message'
    .split(' ')
    .map((name) => `log/${name}.ts`),
  ...'authorize minimise request compact'.split(' ').map((name) => `exchange/${name}.ts`),
  ...modules.map(({ path }) => path).filter((path) => /^(contract|jws|calendar)\//.test(path)),
  'trace.ts',
]
/** Plain types and shapes that the pure files share. */
const PURE_OR_TYPES = [
  ...PURE,
  ...'base64 rejected trust receipt'.split(' ').map((name) => `log/${name}.ts`),
]
const PURE_PACKAGES = ['jose', 'zod', 'typebox/schema', 'typebox/format']

describe('what is pure', () => {
  test('the SDK loads the pure verifier and jose, nothing else of the gateway', () => {
    const loaded = new Set<string>()
    const load = (at: string): void => {
      if (loaded.has(at)) return
      loaded.add(at)
      const imports = modules.find((one) => one.path === at)?.imports ?? []
      for (const { to } of imports) load(to)
    }
    load('client/index.ts')
    const foreign = [...loaded].filter((at) => !/^(client\/|log\/|jws\/|trace\.ts$|jose$)/.test(at))
    expect(foreign).toEqual([])
    for (const at of loaded)
      if (!at.startsWith('client/') && at !== 'jose') expect(PURE_OR_TYPES).toContain(at)
  })

  test.each(PURE)('%s does no I/O, nor does what it loads', (path) => {
    expect(modules.some((one) => one.path === path)).toBe(true)
    const loaded = new Set<string>()
    const load = (at: string): void => {
      if (loaded.has(at)) return
      loaded.add(at)
      const imports = modules.find((one) => one.path === at)?.imports ?? []
      for (const { to, isType } of imports) if (!isType) load(to)
    }
    load(path)
    const impure = [...loaded].filter((at) =>
      at.endsWith('.ts')
        ? /^(platform|storage|http|cli|connector\/(import|snapshot))\b/.test(at)
        : !PURE_PACKAGES.includes(at),
    )
    expect(impure).toEqual([])
  })

  test.each(PURE)('%s reads no clock and no environment', (path) => {
    const text = readFileSync(join(SRC, path), 'utf8')
    expect(text).not.toMatch(/Date\.now|new Date\(\)|process\.|\bfetch\(|setTimeout/)
  })
})

describe('the house', () => {
  test('has no room for odds and ends', () => {
    const odd = modules.filter(({ path }) =>
      /(^|\/)(utils?|helpers?|services?|common)(\/|\.ts$)/.test(path),
    )
    expect(odd.map(({ path }) => path)).toEqual([])
  })

  test('has no file over 400 lines that decides anything', () => {
    // The closed table of errors and the texts are data, one row an entry.
    const tables = /^(errors\.ts|texts\/)/
    const long = modules.filter(({ path, lines }) => lines > 400 && !tables.test(path))
    expect(long.map(({ path, lines }) => `${path}: ${lines}`)).toEqual([])
  })

  test('reads the environment in one place', () => {
    const readers = modules
      .filter(({ path }) =>
        /process\.env|import\.meta\.env/.test(readFileSync(join(SRC, path), 'utf8')),
      )
      .map(({ path }) => path)
      .filter((path) => !path.startsWith('platform/'))
    expect(readers).toEqual([])
  })
})
