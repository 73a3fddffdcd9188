import type { Command } from 'commander'
import type { Trust } from '../log/trust.ts'
import { createDurably, readIfPresent, writeDurably } from '../platform/files.ts'
import { print } from '../platform/terminal.ts'
import { command, withGateway, withJson } from './command.ts'
import { Failure } from './failure.ts'
import { askForTrust, thumbprint } from './trust-file.ts'

type Options = { gateway: string; out: string; force?: boolean; json?: boolean }

const READABLE = 0o644

export function trustCommand(): Command {
  const made = command(
    'trust',
    {
      zh: '写出供离线验证的信任文件',
      en: 'write a trust file, to be pinned',
    },
    ['trust --out trust.json', 'trust --gateway https://gateway.example --out trust.json'],
  )
    .requiredOption('--out <file>', '信任文件 · the trust file')
    .option('--force', '替换已有的不同文件 · replace a file that differs')
  return withJson(withGateway(made)).action(writeTrust)
}

async function writeTrust({ gateway, out, force, json }: Options): Promise<void> {
  const trust = await askForTrust(gateway)
  const text = `${JSON.stringify(trust, null, 2)}\n`
  if (force) await writeDurably(out, text)
  else if (!(await createDurably(out, text, READABLE)) && (await readIfPresent(out)) !== text)
    throw differs(out)
  await tell(trust, out, json)
}

async function tell(trust: Trust, out: string, json?: boolean): Promise<void> {
  const keys = await Promise.all(
    trust.gateway.map(async (key) => ({ kid: key.kid, thumbprint: await thumbprint(key) })),
  )
  const vkeys = trust.log.map(({ vkey }) => vkey)
  const callers = Object.keys(trust.callers)
  if (json) {
    print(JSON.stringify({ ok: true, file: out, issuer: trust.issuer, vkeys, keys, callers }))
    return
  }
  print(`信任文件已写入 ${out}。The trust file is in ${out}.`)
  print()
  print(`签发者 issuer          ${trust.issuer}`)
  for (const vkey of vkeys) print(`日志公钥 log vkey      ${vkey}`)
  for (const key of keys) print(`答复公钥 thumbprint    ${key.thumbprint}`)
  print(`请求系统 callers       ${callers.join(', ')}`)
  print()
  print('以上取自网关自身，尚不能证明什么：固定之前，须经另一渠道（公文、电话）逐字核对。')
  print(
    'This came from the gateway itself and proves nothing yet: compare these values over another',
  )
  print('channel (on paper, by telephone) before you pin the file.')
}

function differs(out: string): Failure {
  return new Failure(
    2,
    `${out} 已存在且内容不同：密钥可能已轮换，也可能有人冒充。核对后再加 --force 替换。`,
    `${out} exists and differs: keys were rotated, or somebody poses as the gateway. Compare, then --force.`,
  )
}
