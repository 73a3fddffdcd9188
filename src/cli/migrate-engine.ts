import type { Command } from 'commander'
import { readConfig } from '../config.ts'
import { anchorFile, readAnchors } from '../platform/anchor.ts'
import { writeDurably } from '../platform/files.ts'
import { keysFolder } from '../platform/keys.ts'
import { moveGateway } from '../platform/move.ts'
import { nameOf, type Place, placeOf } from '../platform/place.ts'
import { environment, print, printAll } from '../platform/terminal.ts'
import { bars } from './bars.ts'
import { command, withJson } from './command.ts'
import { confirm } from './confirm.ts'

type Options = { from: string; to: string; yes?: boolean; json?: boolean }

export function migrateEngineCommand(): Command {
  const made = command(
    'migrate-engine',
    {
      zh: '在 SQLite 与 PostgreSQL 之间搬迁网关',
      en: 'move a gateway between SQLite and PostgreSQL',
    },
    [
      'migrate-engine --from ./data --to postgres://mianzheng@db.example/mianzheng',
      'migrate-engine --from postgres://mianzheng@db.example/mianzheng --to ./data-2',
    ],
  )
    .requiredOption(
      '--from <place>',
      '现在的数据目录或 postgres:// 地址 · data folder or postgres:// address it is in now',
    )
    .requiredOption(
      '--to <place>',
      '空目录或空数据库；口令用 PGPASSWORD · an empty folder or database; the password goes into PGPASSWORD',
    )
    .option('--yes', '不再询问 · do not ask')
  return withJson(made).action(migrate)
}

async function migrate(options: Options): Promise<void> {
  const from = placeOf(options.from)
  const to = placeOf(options.to)
  const { dataDir, anchorDir } = configIn(from)
  const names = { from: nameOf(from), to: nameOf(to) }
  await confirm(
    `把网关从 ${names.from} 搬到 ${names.to}？原处此后不再签名。The old place never signs again. (y/N) `,
    options.yes,
  )
  const shown = bars()
  const moving = { from, to, keys: keysFolder(dataDir), anchorDir, now: Date.now(), ...shown.steps }
  const moved = await moveGateway(moving).finally(shown.stop)
  await keepAnchors(to, anchorDir, moved)
  if (options.json) {
    const { size, rows, checkpoint } = moved
    print(JSON.stringify({ ok: true, ...names, size, rows, checkpoint }))
    return
  }
  print(`已搬到 ${names.to}：${moved.size} 条日志，全部核对无误；${names.from} 已停用。`)
  print(
    `Moved to ${names.to}: ${moved.size} entries, all of them checked; ${names.from} is retired.`,
  )
  printAll(whatIsLeft(to, dataDir))
}

/** The keys and the checkpoint stay in the data folder, which a gateway on PostgreSQL has as well. */
function configIn(from: Place) {
  const env = environment()
  return readConfig('folder' in from ? { ...env, DATA_DIR: from.folder } : env)
}

/** A new folder is given the checkpoints of all shards, unless the environment says where they are kept. */
async function keepAnchors(
  to: Place,
  from: string,
  { shard, checkpoint }: { shard: number; checkpoint: string },
): Promise<void> {
  if ('url' in to || environment().ANCHOR_DIR !== undefined || checkpoint === '') return
  const anchors = new Map([...(await readAnchors(from)), [shard, checkpoint]])
  for (const [one, note] of anchors)
    await writeDurably(anchorFile(`${to.folder}/anchor`, one), note)
}

/** Keys are never copied along unasked: who has them and the database together can open the evidence. */
function whatIsLeft(to: Place, dataDir: string): string[] {
  if ('url' in to)
    return [
      '接下来 Next:',
      `  DATABASE_URL=${nameOf(to)} DATA_DIR=${dataDir} npm start`,
      `  （${dataDir}/keys 继续使用，每个节点都要有同一份 · every node needs the same keys/）`,
    ]
  return [
    '接下来 Next:',
    `  install -d -m 700 ${to.folder}/keys`,
    `  install -m 600 ${dataDir}/keys/*.json ${to.folder}/keys/`,
    `  cp -p ${dataDir}/sources.json ${to.folder}/   # 如有 · where there is one`,
    `  env -u DATABASE_URL DATA_DIR=${to.folder} npm start`,
  ]
}
