import { afterEach, expect, test } from 'vitest'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway, type TestGateway } from '../harness.ts'
import { expectNoLeak } from '../leaks.ts'

afterEach(checkWholeLog)

const OK = { log: 'ok', signer: 'ok', registry: 'ok' }
const marriage = claimsOf('family-4-marriage')

async function readiness(gateway: TestGateway) {
  const { status, text } = await gateway.get('/readyz')
  expectNoLeak(text, gateway.dir)
  return { ...JSON.parse(text), http: status }
}

test('a gateway that can answer is ready, by each of what it needs', async () => {
  const gateway = await openTestGateway()
  const size = gateway.size()
  expect(await readiness(gateway)).toEqual({ http: 200, status: 'ready', size, checks: OK })
})

test('a log that was found damaged cannot sign, and that is what it says', async () => {
  const gateway = await openTestGateway()
  const { raw } = gateway.gateway
  const last = gateway.size() - 1
  const { leaf } = raw.prepare('SELECT leaf FROM entry WHERE idx = ?').get(last) as { leaf: string }
  raw.pragma('query_only = 1')
  await gateway.ask(HOUSING, marriage)
  raw.pragma('query_only = 0')
  raw.prepare("UPDATE entry SET leaf = leaf || ' ' WHERE idx = ?").run(last)
  const checks = { ...OK, log: 'unavailable' }
  expect(await readiness(gateway)).toMatchObject({ http: 503, status: 'not-ready', checks })
  expect((await gateway.get('/healthz')).text).toBe('{"status":"ok"}')
  raw.prepare('UPDATE entry SET leaf = ? WHERE idx = ?').run(leaf, last)
  expect(await readiness(gateway)).toMatchObject({ http: 200, checks: OK })
})

test('a database that is gone is found before anybody asks: the registry cannot be read again', async () => {
  const gateway = await openTestGateway()
  const { raw } = gateway.gateway
  raw.exec('ALTER TABLE meta RENAME TO gone')
  const checks = { ...OK, registry: 'unavailable' }
  expect(await readiness(gateway)).toMatchObject({ http: 503, status: 'not-ready', checks })
  raw.exec('ALTER TABLE gone RENAME TO meta')
  expect(await readiness(gateway)).toMatchObject({ http: 200, checks: OK })
})

test('a signer that is away, or fails when asked, cannot sign', async () => {
  let how: 'ok' | 'away' | 'fails' = 'ok'
  const ready = async () => {
    if (how === 'fails') throw new Error('no connection to hsm-7')
    return how === 'ok'
  }
  const bend = (deps: TestGateway['deps']) => ({ ...deps, signer: { ...deps.signer, ready } })
  const gateway = await openTestGateway({ bend })
  const checks = { ...OK, signer: 'unavailable' }
  for (how of ['away', 'fails'] as const)
    expect(await readiness(gateway)).toMatchObject({ http: 503, checks })
  how = 'ok'
  expect(await readiness(gateway)).toMatchObject({ http: 200, checks: OK })
})

test('many who ask at once share one look at the database', async () => {
  const gateway = await openTestGateway({
    bend: (deps) => {
      const refresh = async () => {
        looks += 1
        await deps.registry.refresh()
      }
      return { ...deps, registry: { ...deps.registry, refresh } }
    },
  })
  let looks = 0
  await Promise.all(Array.from({ length: 50 }, () => gateway.get('/readyz')))
  expect(looks).toBeLessThan(5)
})
