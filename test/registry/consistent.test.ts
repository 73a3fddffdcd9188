import type { Kysely, KyselyPlugin } from 'kysely'
import { afterEach, describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/platform/database.ts'
import { applyDocuments } from '../../src/registry/apply.ts'
import { bumpVersion, registryReader } from '../../src/registry/registry.ts'
import type { Tables } from '../../src/storage/tables.ts'
import { HOUSING } from '../caller.ts'
import { checkWholeLog, openTestGateway } from '../harness.ts'

afterEach(checkWholeLog)

/** The database as this gateway sees it, and as another process does. */
async function twoConnections() {
  const gateway = await openTestGateway()
  const other = await openDatabase(gateway.dir)
  return { gateway, own: gateway.deps.store.db, other: other.store.db, close: other.store.close }
}

/** Runs `between` after each result that was read. */
function interrupted(db: Kysely<Tables>, between: () => Promise<void>): Kysely<Tables> {
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      await between()
      return result
    },
  }
  return db.withPlugin(plugin)
}

test('changes by two processes at once are all counted', async () => {
  const { own, other, close, gateway } = await twoConnections()
  const { version } = await gateway.deps.registry.view()
  const bumps = Array.from({ length: 20 }, () => [bumpVersion(own), bumpVersion(other)])
  await Promise.all(bumps.flat())
  await gateway.deps.registry.refresh()
  expect(gateway.deps.registry.version()).toBe(version + 40)
  await close()
})

describe('the registry while another process changes it', () => {
  test.each(Array.from({ length: 15 }, (_, i) => i + 1))(
    'in the middle, after %i results, is read as before or as after the change',
    async (at) => {
      const { own, other, close, gateway } = await twoConnections()
      const view = await gateway.deps.registry.view()
      const system = view.systems.get(HOUSING)
      const agreement = [...view.agreements.values()].flat().find(({ id }) => id === 'housing-mar')
      if (!system || !agreement) throw new Error('the demo city lacks them')
      let results = 0
      const db = interrupted(own, async () => {
        results += 1
        if (results !== at) return
        const systems = [{ ...system, status: 'suspended' as const }]
        const agreements = [{ ...agreement, dailyQuota: 1 }]
        await applyDocuments(other, { systems, agreements }, [])
      })
      const seen = await (await registryReader(db, gateway.deps.clock)).view()
      const ofNow = seen.agreements.get('MAR-01')?.find(({ id }) => id === 'housing-mar')
      const isAfter = seen.version === view.version + 1
      expect([seen.systems.get(HOUSING)?.status, ofNow?.dailyQuota]).toEqual(
        isAfter ? ['suspended', 1] : [system.status, agreement.dailyQuota],
      )
      await close()
    },
  )

  test('without an end is not read at all', async () => {
    const { own, other, close, gateway } = await twoConnections()
    const db = interrupted(own, () => bumpVersion(other))
    await expect(registryReader(db, gateway.deps.clock)).rejects.toThrow('kept changing')
    await close()
  })
})
