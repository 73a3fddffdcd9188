import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { generateSigningKey } from '../../src/keys/generate.ts'
import { jwkSigner, type Signer } from '../../src/keys/signer.ts'
import { openGateway } from '../../src/platform/gateway.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, configOf, openTestGateway } from '../harness.ts'
import { sendTo, trustOf, verifyReply } from '../reply.ts'

afterEach(checkWholeLog)

const marriage = claimsOf('family-4-marriage')

type Device = { mode: 'slow' | 'failing' | 'silent' | 'mistaken'; signed: number; isReady: boolean }

async function otherSigner(): Promise<Signer> {
  return jwkSigner(await generateSigningKey('ES256'))
}

/** A gateway whose answer key signs in a "device": every signature is a call that takes its time. */
async function openWithDevice(device: Device) {
  const city = await openTestGateway()
  await city.close()
  const gateway = await openGateway(configOf(city.dir), {
    clock: () => city.clock.now,
    report: () => {},
    signerFor: async ({ jwk }): Promise<Signer> => {
      const inside = await jwkSigner(jwk)
      return {
        algorithm: inside.algorithm,
        kid: inside.kid,
        sign: async (typ, payload) => {
          if (device.mode === 'silent') return new Promise(() => {})
          await pause(20)
          if (device.mode === 'failing') throw new Error('PIN of the card 4711 is locked')
          device.signed += 1
          if (device.mode === 'mistaken') return (await otherSigner()).sign(typ, payload)
          return inside.sign(typ, payload)
        },
        ready: async () => device.isReady,
      }
    },
  })
  const app = createApp(gateway.deps, gateway.own)
  const ask = (request = city.request(HOUSING, marriage)) => sendTo(app, request)
  const used = async () => {
    const rows = await gateway.deps.store.db.selectFrom('counter').select('used').execute()
    return rows.reduce((sum, row) => sum + row.used, 0)
  }
  return { city, gateway, app, ask, used, close: () => gateway.close() }
}

describe('a signing device behind the port', () => {
  test('may be slow: answers and refusals are signed by it, and verify', async () => {
    const device: Device = { mode: 'slow', signed: 0, isReady: true }
    const { city, gateway, app, ask, close } = await openWithDevice(device)
    const [answered, refused] = await Promise.all([
      ask(),
      ask(city.request(HOUSING, { ...marriage, item: 'XXX-99' })),
    ])
    expect([answered.status, refused.status]).toEqual([200, 404])
    expect(device.signed).toBe(2)
    for (const reply of [answered, refused])
      expect((await verifyReply(gateway.deps, app, reply)).ok).toBe(true)
    expect((await trustOf(app)).gateway).toHaveLength(1)
    await close()
  })

  test.each(['failing', 'silent', 'mistaken'] as const)(
    'that is %s answers nothing and leaves nothing half recorded; the same request is answered later',
    async (mode) => {
      const device: Device = { mode: 'slow', signed: 0, isReady: true }
      const { city, gateway, ask, used, close } = await openWithDevice(device)
      const request = city.request(HOUSING, marriage)
      const size = gateway.deps.log.head().size
      device.mode = mode
      const refused = await ask(request)
      expect(refused).toMatchObject({ status: 503, index: undefined })
      expect(refused.problem).toMatchObject({
        code: 'signer-unavailable',
        party: 'gateway',
        retryable: true,
        retryAfterSeconds: 1,
      })
      expect(refused.problem?.signed).toBeUndefined()
      expect(refused.text).not.toContain('4711')
      expect(gateway.deps.log.head().size).toBe(size)
      expect(await used()).toBe(0)

      // A refusal needs a signature as well: without one it is not released either.
      const unknown = await ask(city.request(HOUSING, { ...marriage, item: 'XXX-99' }))
      expect(unknown.problem?.code).toBe('signer-unavailable')
      expect(gateway.deps.log.head().size).toBe(size)

      device.mode = 'slow'
      const answered = await ask(request)
      expect(answered).toMatchObject({ status: 200, index: size })
      expect(await used()).toBe(1)
      await close()
    },
  )

  test('that says it is not ready takes the gateway out of rotation', async () => {
    const device: Device = { mode: 'slow', signed: 0, isReady: true }
    const { app, close } = await openWithDevice(device)
    expect((await app.request('/readyz')).status).toBe(200)
    device.isReady = false
    expect((await app.request('/readyz')).status).toBe(503)
    expect((await app.request('/healthz')).status).toBe(200)
    await close()
  })
})
