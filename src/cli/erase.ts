import type { Command } from 'commander'
import { type Erased, eraseRecord } from '../evidence/erase.ts'
import type { Named } from '../evidence/find-records.ts'
import { openGateway } from '../platform/gateway.ts'
import { print } from '../platform/terminal.ts'
import { command, configOfGateway, type DataOption, withData, withJson } from './command.ts'
import { confirm } from './confirm.ts'
import { Failure } from './failure.ts'

type Options = DataOption & { system?: string; hash?: string; yes?: boolean; json?: boolean }

/** base64url SHA-256. */
const HASH = /^[A-Za-z0-9_-]{43}$/

export function eraseCommand(): Command {
  const made = command(
    'erase',
    {
      zh: '销毁一个请求的全部证据内容',
      en: 'destroy the evidence of a request',
    },
    ['erase 0b9d4a52-…', 'erase 0b9d4a52-… --system housing-bureau --yes', 'erase --hash 3q2-7w…'],
  )
    .argument('[jti]', '请求的 jti · jti of the request')
    .option('--system <id>', '请求系统 · the calling system')
    .option(
      '--hash <base64url>',
      '以散列指明请求（答复里的 request.hash）· name it by its hash (request.hash of the answer)',
    )
    .option('--yes', '不再询问 · do not ask')
  return withJson(withData(made)).action(erase)
}

async function erase(jti: string | undefined, options: Options): Promise<void> {
  const named = nameOf(jti, options)
  const config = configOfGateway(options)
  await confirm(
    `销毁请求 ${jti ?? options.hash} 的证据？不可撤销。Destroy the evidence for good? (y/N) `,
    options.yes,
  )
  const gateway = await openGateway(config)
  try {
    const erased = await eraseRecord(gateway.deps, named)
    tell(erased, await gateway.scrub(), options.json)
  } finally {
    await gateway.close()
  }
}

/** @throws Failure unless the request is named in one way. */
function nameOf(jti: string | undefined, { hash, system }: Options): Named {
  if (jti !== undefined && hash === undefined) return { jti, system }
  if (jti === undefined && hash !== undefined && HASH.test(hash)) return { hash }
  throw new Failure(
    2,
    '请指明一个请求：它的 jti，或 --hash 加 43 位 base64url 散列，二者取一。',
    'Name one request: by its jti, or by --hash with the 43 characters of its base64url hash.',
  )
}

function tell({ erased, records, entry, system }: Erased, cleared: boolean, json?: boolean): void {
  if (json) {
    print(JSON.stringify({ ok: true, system, erased, records, entry, walCleared: cleared }))
    return
  }
  const all = records.join('、')
  print(`已销毁 ${system} 的第 ${all} 号记录的证据；日志第 ${entry} 号记载此事，证明依然有效。`)
  print(
    `The evidence of record ${records.join(', ')} is destroyed; entry ${entry} says so. Proofs stay valid.`,
  )
  if (cleared) return
  print('数据库正忙，预写日志里可能暂存旧页，网关下次重启即清除。')
  print('The database was busy: its write-ahead log may keep old pages until the gateway restarts.')
}
