import { tint } from '../platform/terminal.ts'
import type { JoinFiles } from './onboard.ts'

/** What comes after the sandbox, for the one who has just seen it work. */
export function nextSteps({
  gateway,
  files,
  system,
}: {
  readonly gateway: string
  readonly files: JoinFiles
  readonly system: string
}): string[] {
  return [
    '',
    tint('bold', '下一步 Next'),
    '  1. 再验一次，不需网络 Verify once more, no network needed:',
    `     npm run -s mianzheng -- verify ${files.evidence} --trust ${files.trust}`,
    '  2. 在自己的系统里调用：见 docs/sdk.md（20 行得到第一个答复）。',
    `     From your own system: docs/sdk.md, with system "${system}" and ${files.key}.`,
    '  3. 正式登记：沙箱系统只能问 ECHO-00。请向网关运行方提交：',
    '     机关名称与统一社会信用代码、系统名称、公钥（见下）、拟用事项与法定依据；',
    '     运行方登记后，按《政务数据共享条例》第二十条、第二十一条就每个事项提出共享申请。',
    '     Real registration: a sandbox system asks ECHO-00 only. Send the operator your agency and its',
    '     USCC, the name of the system, its public key, the items that you need and on which legal basis;',
    '     then apply for each item (Regulation on Government Data Sharing, art. 20 and 21).',
    '     正式系统请另生成密钥 Make a key of its own for it:',
    '     npm run -s mianzheng -- keygen --out system.jwk.json',
    '  4. 正式使用前，把信任文件的指纹经另一渠道（公文、电话）逐字核对：',
    '     Before real use compare the trust file over another channel (on paper, by telephone):',
    `     npm run -s mianzheng -- trust --gateway ${gateway} --out trust-all.json`,
  ]
}
