import type { Config } from '../config.ts'
import { DamagedLog } from '../log/open.ts'
import { openDatabase } from '../platform/database.ts'
import { openGateway } from '../platform/gateway.ts'
import { inspectGateway } from '../platform/inspect.ts'
import { tint } from '../platform/terminal.ts'
import type { Held, Say } from './held.ts'
import { checkWithProgress, reportLines } from './log-check.ts'

/** Whoever holds the database can write to it, but not without being found (promise 3). */
export async function alterAndCheck(config: Config, index: number, say: Say): Promise<Held[]> {
  const before = await check(config, say)
  await alterEntry(config, index, say)
  const after = await check(config, say)
  const refusal = await tryToStart(config)
  say(
    refusal === undefined
      ? `   ${tint('red', '✗')} 网关竟然启动了 The gateway started all the same`
      : `   ${tint('green', '✓')} 网关拒绝启动 The gateway refuses to start: ${refusal}`,
  )
  return [
    { what: 'the untouched log checks clean', ok: before.ok },
    { what: 'log check names the altered entry', ok: !after.ok && after.firstBad === index },
    { what: 'the gateway refuses to sign over damage', ok: refusal !== undefined },
  ]
}

async function check(config: Config, say: Say) {
  const inspected = await inspectGateway(config)
  if (!inspected) throw new Error('the demo has no database')
  try {
    const report = await checkWithProgress(inspected)
    say(`   ${tint('cyan', 'mianzheng log check')}`)
    for (const line of reportLines(report)) say(`   ${line}`)
    return report
  } finally {
    await inspected.close()
  }
}

/** As a thief with write access would, past the gateway: the marriage question becomes another. */
async function alterEntry({ dataDir }: Config, index: number, say: Say): Promise<void> {
  const { store } = await openDatabase(dataDir)
  try {
    const leaf = (await store.readLeaf(index)) ?? ''
    const altered = leaf.replace(/("item":"[A-Z]+-0)\d/, '$19')
    await store.db.updateTable('entry').set({ leaf: altered }).where('idx', '=', index).execute()
    const item = /"item":"([^"]+)"/
    const [was, is] = [leaf, altered].map((text) => item.exec(text)?.[1])
    say()
    say(`   ${tint('yellow', `UPDATE entry … WHERE idx = ${index}`)}   ${was} → ${is}`)
    say()
  } finally {
    await store.close()
  }
}

/** @returns why it does not start; undefined when it does. */
async function tryToStart(config: Config): Promise<string | undefined> {
  try {
    await (await openGateway(config)).close()
    return undefined
  } catch (error) {
    if (error instanceof DamagedLog) return error.message
    throw error
  }
}
