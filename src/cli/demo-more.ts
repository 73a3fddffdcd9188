import { decodeJwt } from 'jose'
import { writeDurably } from '../platform/files.ts'
import { tint } from '../platform/terminal.ts'
import { refusalLines } from './answer.ts'
import { askGateway, type Caller, evidenceOf, type Said } from './asking.ts'
import { GATEWAY } from './command.ts'
import { type Paper, proofsOf } from './demo-family.ts'
import type { Example } from './examples.ts'
import type { Held, Say } from './held.ts'
import { send } from './remote.ts'

const SHOWN_CHARACTERS = 72

/** A refusal is signed, recorded and provable like an answer. */
export async function refuseOne(
  caller: Caller,
  { name, claims, expect }: Example,
  { evidence, say }: { evidence: string; say: Say },
): Promise<Held> {
  const asked = await askGateway(caller, claims)
  for (const line of refusalLines(asked)) say(`   ${line}`)
  const bundle = await evidenceOf(caller, asked)
  await writeDurably(`${evidence}/${name}.json`, JSON.stringify(bundle ?? null, null, 2))
  return {
    what: 'one refusal, signed and recorded',
    ok: asked.said.code === expect.code && !!bundle,
  }
}

/** The marriage question once more, byte for byte: a retry is not a second request (promise 6). */
export async function repeatByCurl(
  { gateway }: Caller,
  papers: readonly Paper[],
  { dir, say }: { dir: string; say: Say },
): Promise<Held> {
  const first = proofsOf(papers).find(({ item }) => item === 'MAR-01')?.answer
  const request = first?.evidence.request ?? ''
  await writeDurably(`${dir}/request.jws`, request)
  const response = await send(gateway, '/v1/requests', {
    method: 'POST',
    headers: { 'Content-Type': 'application/jwt' },
    body: request,
  })
  const answer = await response.text()
  const index = response.headers.get('log-index')
  say(
    `   ${tint('cyan', `curl -i -H 'Content-Type: application/jwt' -d @request.jws ${gateway}/v1/requests`)}`,
  )
  say(`   HTTP ${response.status}  Log-Index: ${index}`)
  say(`   ${answer.slice(0, SHOWN_CHARACTERS)}…`)
  const same = response.ok && answer === first?.evidence.answer && Number(index) === first.entry
  if (response.ok) say(`   ${JSON.stringify(decodeJwt<Said>(answer).claims)}`)
  say(
    same
      ? '   与第一次的答复逐字节相同，日志没有增加：重发不是第二次请求。'
      : tint('red', '   与第一次的答复不同！'),
  )
  say(
    tint(
      'dim',
      '   byte for byte the first answer, and no new entry: a retry is no second request',
    ),
  )
  say()
  say('   在本机重现 To do it yourself:')
  say('     npm start')
  say('     npm run -s mianzheng -- ask --example family-4-marriage --print-request |')
  say(`       curl -i -H 'Content-Type: application/jwt' -d @- ${GATEWAY}/v1/requests`)
  return { what: 'a retry gets the same bytes', ok: same }
}
