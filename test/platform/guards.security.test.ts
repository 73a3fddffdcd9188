import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { verdictLines } from '../../src/cli/verify.ts'
import { leafText } from '../../src/log/entry.ts'
import { openGateway } from '../../src/platform/gateway.ts'
import { createGatewayKeys, loadGatewayKeys } from '../../src/platform/keys.ts'
import { holdFolder } from '../../src/platform/lock.ts'
import type { Draft } from '../../src/storage/store.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, configOf, NOW, openTestGateway, temporaryFolder } from '../harness.ts'

afterEach(checkWholeLog)

const DAY_SECONDS = 86_400

describe('a data folder', () => {
  test('is served by one process; the lock ends with it', () => {
    const dir = temporaryFolder()
    const held = holdFolder(dir)
    expect(() => holdFolder(dir)).toThrow(/Another gateway serves/)
    held.release()
    holdFolder(dir).release()
  })

  test('keeps registers and keys from everybody else, whatever mode it had', async () => {
    const dir = join(temporaryFolder(), 'open')
    mkdirSync(dir, { mode: 0o755 })
    const gateway = await openGateway(configOf(dir), { report: () => {} })
    await gateway.close()
    expect(statSync(join(dir, 'gateway.sqlite')).mode & 0o077).toBe(0)
    expect(statSync(join(dir, 'keys')).mode & 0o077).toBe(0)
    expect(statSync(join(dir, 'keys', 'log.jwk.json')).mode & 0o077).toBe(0)
  })

  test('gets all four keys or none: what a crash left half-written is begun again', async () => {
    const folder = join(temporaryFolder(), 'keys')
    mkdirSync(`${folder}.new`)
    writeFileSync(join(`${folder}.new`, 'answer.jwk.json'), '{')
    expect(await loadGatewayKeys(folder)).toBeUndefined()
    const made = await createGatewayKeys(folder, NOW)
    expect(await loadGatewayKeys(folder)).toEqual(made)
    expect(existsSync(`${folder}.new`)).toBe(false)
  })
})

describe('the log', () => {
  test('of a folder whose anchor was deleted opens, and says so', async () => {
    const gateway = await openTestGateway()
    await gateway.close()
    rmSync(join(gateway.dir, 'anchor', 'checkpoint'))
    const again = await openTestGateway({ dir: gateway.dir })
    expect(again.reports.map(({ event }) => event)).toContain('anchor-missing')
  })

  test('takes two drafts whose retry keys share 64 bits: nobody else in the batch is refused', async () => {
    const { deps, size } = await openTestGateway()
    const before = size()
    const drafts = [1, 2].map((last): Draft => {
      const retryKey = new Uint8Array(32).fill(7, 0, 31)
      retryKey[31] = last
      const change = { what: 'test', id: String(last), hash: '' }
      return { retryKey, leaf: (time) => leafText({ kind: 'registry', change }, time) }
    })
    const placed = await Promise.all(drafts.map((draft) => deps.log.append(draft)))
    expect(placed.map(({ index }) => index)).toEqual([before, before + 1])
  })
})

test('a quota is not given out anew by a clock that goes back over midnight', async () => {
  const gateway = await openTestGateway()
  await gateway.amend('agreement', 'housing-mar', { dailyQuota: 1 })
  const ask = () => gateway.ask(HOUSING, claimsOf('family-4-marriage'))
  expect((await ask()).status).toBe(200)
  gateway.wait(DAY_SECONDS)
  expect((await ask()).status).toBe(200)
  gateway.wait(-DAY_SECONDS)
  expect((await ask()).problem?.code).toBe('quota')
  gateway.wait(DAY_SECONDS)
  expect((await ask()).problem?.code).toBe('quota')
})

test('guesses are forgotten with the day they were made on', async () => {
  const gateway = await openTestGateway()
  await gateway.ask(HOUSING, claimsOf('family-4-marriage'))
  const { db } = gateway.deps.store
  const days = async () =>
    new Set((await db.selectFrom('probe').select('day').execute()).map(({ day }) => day))
  expect(await days()).toEqual(new Set(['2026-11-23']))
  gateway.wait(DAY_SECONDS)
  await gateway.ask(HOUSING, claimsOf('family-1-husband-identity'))
  await expect.poll(days).toEqual(new Set(['2026-11-24']))
})

test('a forged bundle cannot write on the terminal that judges it', () => {
  const forged = { ok: false, detail: 'refused: \u001b[2J\u001b[32m\u009b1m good' }
  const checks = { signature: forged, binding: forged, inclusion: forged, checkpoint: forged }
  const lines = verdictLines('evidence.json', { ok: false, checks })
  expect(lines.slice(1).join('')).not.toMatch(/\p{Cc}/u)
})
