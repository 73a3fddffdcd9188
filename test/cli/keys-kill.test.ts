import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { loadGatewayKeys } from '../../src/platform/keys.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway } from '../harness.ts'
import { seededNow } from '../platform/processes.ts'

afterEach(checkWholeLog)

const LAUNCHER = fileURLToPath(new URL('../../src/cli/mianzheng.mjs', import.meta.url))
const marriage = claimsOf('family-4-marriage')

/** From before the keys are read to after they are written, wherever this machine has that. */
const DELAYS = [250, 400, 550, 700, 900, 1200]

test('a command that is killed anywhere leaves the old ring or the new one, and a gateway that signs', async () => {
  const dir = await seededNow({ perSecond: 100, burst: 100 })
  const gateway = await openTestGateway({ dir, nowMillis: Date.now() })
  const answered = await gateway.ask(HOUSING, marriage)
  await gateway.close()
  for (const [i, delay] of DELAYS.entries()) {
    const step = i % 2 === 0 ? ['rotate', '--now'] : ['rotate-sealing']
    const child = spawn(process.execPath, [LAUNCHER, 'keys', ...step, '--data', dir], {
      env: { PATH: process.env.PATH ?? '' },
      stdio: 'ignore',
    })
    const ended = once(child, 'exit')
    await pause(delay)
    child.kill('SIGKILL')
    await ended
    const keys = await loadGatewayKeys(join(dir, 'keys'))
    expect(keys?.answer.length).toBeGreaterThanOrEqual(1)
    expect(keys?.sealing.length).toBeGreaterThanOrEqual(1)
  }
  const again = await openTestGateway({ dir, nowMillis: Date.now() + 1000 })
  expect((await again.send(answered.request)).text).toBe(answered.text)
  expect(await again.verify(answered)).toMatchObject({ ok: true })
  const reply = await again.ask(HOUSING, marriage)
  expect(reply.status).toBe(200)
  expect(await again.verify(reply)).toMatchObject({ ok: true })
}, 60_000)
