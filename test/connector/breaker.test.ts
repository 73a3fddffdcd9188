import { expect, test } from 'vitest'
import { circuitBreaker } from '../../src/connector/breaker.ts'
import { ProviderFailure } from '../../src/connector/connector.ts'

const WAY = { provider: 'civil-affairs', caller: 'housing-bureau' }

test('a request from before the circuit opened lets no second one try', async () => {
  let now = 0
  const guarded = circuitBreaker(() => now)
  const fail = () => Promise.reject(new ProviderFailure('down', 'no answer'))
  const old = Promise.withResolvers<string>()
  const stale = guarded(WAY, () => old.promise).catch(({ how }) => how)
  for (let i = 0; i < 5; i++) await expect(guarded(WAY, fail)).rejects.toThrow('no answer')
  now = 10_000
  const probe = Promise.withResolvers<string>()
  const probing = guarded(WAY, () => probe.promise)
  old.reject(new ProviderFailure('timeout', 'late'))
  expect(await stale).toBe('timeout')
  now = 20_000
  await expect(guarded(WAY, async () => 'asked')).rejects.toThrow('circuit open')
  probe.resolve('up')
  expect(await probing).toBe('up')
  expect(await guarded(WAY, async () => 'asked')).toBe('asked')
})
