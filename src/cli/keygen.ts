import { type Command, Option } from 'commander'
import { generateSigningKey } from '../keys/generate.ts'
import { ALGORITHMS, type Algorithm, publicJwk } from '../keys/signer.ts'
import { createDurably } from '../platform/files.ts'
import { print, remark } from '../platform/terminal.ts'
import { command, withJson } from './command.ts'
import { Failure } from './failure.ts'

const PRIVATE = 0o600

export function keygenCommand(): Command {
  const made = command(
    'keygen',
    {
      zh: '为业务系统生成签名密钥',
      en: "make a system's signing key",
    },
    ['keygen --out housing.jwk.json', 'keygen --alg Ed25519 --out housing.jwk.json --json'],
  )
    .requiredOption(
      '--out <file>',
      '私钥文件（JWK，0600），不覆盖 · private JWK, never overwritten',
    )
    .addOption(
      new Option('--alg <alg>', '签名算法 · algorithm').choices(ALGORITHMS).default('ES256'),
    )
  return withJson(made).action(
    async ({ out, alg, json }: { out: string; alg: Algorithm; json?: boolean }) => {
      const jwk = await generateSigningKey(alg)
      const created = await createDurably(out, `${JSON.stringify(jwk, null, 2)}\n`, PRIVATE)
      if (!created) throw exists(out)
      const published = await publicJwk(jwk)
      remark(
        `私钥已写入 ${out}（权限 0600），请勿外传。The private key is in ${out}; keep it there.`,
      )
      remark('请登记以下公钥。Register this public key:')
      print(JSON.stringify(published, null, json ? 0 : 2))
    },
  )
}

function exists(out: string): Failure {
  return new Failure(
    2,
    `${out} 已存在，不覆盖。请换一个 --out，或先自行移走。`,
    `${out} exists and is not overwritten. Choose another --out, or move it away yourself.`,
  )
}
