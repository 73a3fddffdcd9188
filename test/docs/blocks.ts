import { ERRORS } from '../../src/errors.ts'
import { parseCheckpoint } from '../../src/log/checkpoint.ts'
import { leafHash, nodeHash } from '../../src/log/merkle.ts'
import { parseNote } from '../../src/log/note.ts'
import { parseReceipt } from '../../src/log/receipt.ts'
import { nodeSha256 } from '../../src/platform/crypto.ts'
import { readVectors, type Vectors } from '../conformance/vectors.ts'

/**
 * What docs/protocol shows byte for byte, by name: made from the conformance vectors and the closed table of
 * codes, so that a page cannot say otherwise than the gateway does.
 */
function blocks(): Readonly<Record<string, string>> {
  const bundle = bundleOf('answer')
  const proof = readVectors('reads.json').vectors.find(({ name }) => name === 'outcome')
  const bearer = proof?.headers.authorization?.replace('Bearer ', '') ?? ''
  const forward = named('forwards.json', 'answered')
  const { reply } = named('statements.json', 'answered')
  const [intent = '', interrupted = ''] = readVectors('statements.json').cutOff
  return {
    forward: message(String(forward.body)),
    statement: message(String(reply.body)),
    intent: fenced('json', intent),
    interrupted: fenced('json', interrupted),
    request: message(bundle.request),
    'request-jws': fenced('', bundle.request.replaceAll('.', '\n.\n')),
    answer: message(bundle.answer),
    refusal: message(bundleOf('refusal').answer),
    proof: message(bearer),
    entry: fenced('json', bundle.entry),
    receipt: fenced('', bundle.receipt),
    walk: walk(bundle),
    trust: fenced('json', JSON.stringify(readVectors('evidence.json').trusts.honest, null, 2)),
    'codes-zh': codes('zh'),
    'codes-en': codes('en'),
    'names-zh': names('zh'),
    'names-en': names('en'),
  }
}

type Texts = {
  readonly request: string
  readonly answer: string
  readonly entry: string
  readonly receipt: string
}

function bundleOf(name: string): Texts {
  const found = readVectors('evidence.json').vectors.find((vector) => vector.name === name)
  if (!found) throw new Error(`evidence.json has no ${name}`)
  return found.bundle as Texts
}

function named<Name extends 'forwards.json' | 'statements.json'>(file: Name, name: string) {
  type One = Vectors[Name]['vectors'][number]
  const found = (readVectors(file).vectors as readonly One[]).find((one) => one.name === name)
  if (!found) throw new Error(`${file} has no ${name}`)
  return found
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``
}

/** Header and payload as they were signed, with line feeds for the reader. */
function message(jws: string): string {
  const [header = '', payload = ''] = jws.split('.')
  const pretty = (part: string) => JSON.stringify(JSON.parse(decoded(part)), null, 2)
  return fenced('json', `${decoded(header)}\n${pretty(payload)}`)
}

function decoded(part: string): string {
  return Buffer.from(part, 'base64url').toString()
}

/** Each hash on the way from the entry to the root. */
function walk({ entry, receipt }: Texts): string {
  const { index, proof, checkpoint } = parseReceipt(receipt)
  const { size, root } = parseCheckpoint(parseNote(checkpoint).text)
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  let at = leafHash(nodeSha256, new TextEncoder().encode(entry))
  let [fn, sn] = [index, size - 1]
  const lines = [`fn=${fn} sn=${sn}  SHA-256(00 ‖ entry)      ${hex(at)}`]
  for (const sibling of proof) {
    const isRight = fn % 2 === 1 || fn === sn
    at = isRight ? nodeHash(nodeSha256, sibling, at) : nodeHash(nodeSha256, at, sibling)
    while (isRight && fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)]
    ;[fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)]
    const sides = isRight ? 'sibling ‖ node' : 'node ‖ sibling'
    lines.push(`fn=${fn} sn=${sn}  SHA-256(01 ‖ ${sides}) ${hex(at)}`)
  }
  lines.push(`           root                     ${hex(root)}`)
  return fenced('', lines.join('\n'))
}

function codes(language: 'zh' | 'en'): string {
  const head = {
    zh: '| 代码 | 状态 | 检查 | 谁处理 | 含义 |\n|---|---|---|---|---|',
    en: '| code | status | check | whose move | meaning |\n|---|---|---|---|---|',
  }
  const rows = Object.entries(ERRORS).map(
    ([code, { status, check, party, title }]) =>
      `| \`${code}\` | ${status} | ${check} | ${party} | ${title[language]} |`,
  )
  return [head[language], ...rows].join('\n')
}

function names(language: 'zh' | 'en'): string {
  const head = {
    zh: '| 向量 | 问的姓名 | 结果 | 说明 |\n|---|---|---|---|',
    en: '| vector | name in the request | result | note |\n|---|---|---|---|',
  }
  const asked = readVectors('requests.json').vectors.filter(({ name }) => name.startsWith('name-'))
  const rows = asked.map(({ name, note, body, expect: { outcome, claims } }) => {
    const { subject } = JSON.parse(decoded(String(body).split('.')[1] ?? ''))
    const { match } = (claims ?? {}) as { match?: { result: string } }
    return `| \`${name}\` | \`${subject.name}\` | ${match?.result ?? outcome} | ${note[language]} |`
  })
  return [head[language], ...rows].join('\n')
}

const BLOCK = /(<!-- vector: ([a-z-]+) -->\n)[\s\S]*?(<!-- \/vector -->)/g

/** A page with every block as it must be. @throws Error for a name that there is no block of. */
export function withBlocks(page: string): string {
  const made = blocks()
  return page.replaceAll(BLOCK, (_, begin: string, name: string, end: string) => {
    const block = made[name]
    if (block === undefined) throw new Error(`no block ${name}`)
    return `${begin}${block}\n${end}`
  })
}
