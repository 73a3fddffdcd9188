import { afterAll, beforeAll, expect, test } from 'vitest'
import { ERRORS } from '../../src/errors.ts'
import { checkWholeLog, ISSUER, openTestGateway, type TestGateway } from '../harness.ts'

let gateway: TestGateway
let document: {
  openapi: string
  servers: { url: string }[]
  paths: Record<
    string,
    Record<string, { parameters?: { name: string; in: string }[]; security?: unknown }>
  >
  components: { schemas: Record<string, { properties?: Record<string, { enum?: string[] }> }> }
}

beforeAll(async () => {
  gateway = await openTestGateway()
  document = await (await gateway.app.request('/openapi.json')).json()
})

afterAll(checkWholeLog)

/** `GET /log/tile/:rest{.+}` and `get /log/tile/{path}` are one route: names of parameters aside. */
function mounted(): Set<string> {
  const routes = gateway.app.routes.filter(({ method }) => method !== 'ALL')
  return new Set(
    routes.map(({ method, path }) => `${method} ${path.replace(/:\w+(?:\{[^}]*\})?/g, '{}')}`),
  )
}

function documented(): Set<string> {
  return new Set(
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((one) => `${one.toUpperCase()} ${path.replace(/\{\w+\}/g, '{}')}`),
    ),
  )
}

test('every route is documented, and every documented route is there', () => {
  expect(documented()).toEqual(mounted())
  expect(mounted().size).toBeGreaterThan(10)
})

test('every parameter of a path is described', () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    for (const { parameters = [] } of Object.values(methods))
      expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(names)
  }
})

test('every reference leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)]
  expect(references.length).toBeGreaterThan(3)
  for (const [, name] of references)
    expect(Object.keys(document.components.schemas)).toContain(name)
})

test('it is OpenAPI 3.1 of this gateway, with every code', () => {
  expect(document.openapi).toBe('3.1.0')
  expect(document.servers).toEqual([{ url: ISSUER }])
  const codes = document.components.schemas.Problem?.properties?.code?.enum
  expect(codes).toEqual(Object.keys(ERRORS))
})

test('what needs a proof says so', () => {
  const guarded = Object.entries(document.paths).filter(([, methods]) =>
    JSON.stringify(methods).includes('agencyProof'),
  )
  expect(guarded.map(([path]) => path).sort()).toEqual([
    '/log/tile/{path}',
    '/v1/requests/{jti}',
    '/v1/requests/{jti}/evidence',
    '/v1/requests/{jti}/statement',
  ])
})
