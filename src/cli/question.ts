import type { Claims, Question } from './asking.ts'
import { Failure } from './failure.ts'

/** The JSON types of an item's claims, as its published contract states them. */
export type ClaimTypes = Readonly<Record<string, string>>

const PREDICATES: Readonly<Record<string, string>> = {
  '=': 'equals',
  '>=': 'atLeast',
  '<=': 'atMost',
}

/**
 * `claim`, `claim=value`, `claim>=value`, `claim<=value`, `claim in a,b` as one question. Values are
 * typed by the contract; an identifier of digits stays text. @throws Failure for any other form.
 */
export function parseQuestion(text: string, types: ClaimTypes): Question {
  const match = /^\s*(\w[\w.-]*)\s*(?:(>=|<=|=)(.*)|\sin\s+(.*))?$/s.exec(text)
  const [, claim = '', operator, value = '', list] = match ?? []
  if (!match) throw notAQuestion(text)
  const read = (one: string) => typedValue(one.trim(), types[claim])
  if (list !== undefined) return { claim, in: list.split(',').map(read) }
  if (operator === undefined) return { claim }
  return { claim, [PREDICATES[operator] as string]: read(value) }
}

/** `k=v` pairs as a subject. */
export function parseSubject(pairs: readonly string[]): Record<string, string> {
  const entries = pairs.map((pair) => {
    const cut = pair.indexOf('=')
    if (cut < 1)
      throw new Failure(2, `--subject 须写作 名=值：${pair}`, `--subject is name=value: ${pair}`)
    return [pair.slice(0, cut), pair.slice(cut + 1)]
  })
  return Object.fromEntries(entries)
}

export type ClaimFlags = {
  readonly requester?: string
  readonly item?: string
  readonly service?: string
  readonly basis?: string
  readonly scenario?: string
  readonly case?: string
  readonly official?: string
  readonly position?: string
  readonly authorization?: string
  readonly ref?: string
  readonly subject?: readonly string[]
  readonly ask?: readonly string[]
}

const NEEDED = [
  'requester',
  'item',
  'service',
  'basis',
  'scenario',
  'case',
  'official',
  'authorization',
  'ref',
  'subject',
  'ask',
] as const

/** Flags as the claims of a request, over those of an example or a file. @throws Failure naming what is missing. */
export function claimsFrom(flags: ClaimFlags, types: ClaimTypes, base?: Claims): Claims {
  const missing = base ? [] : NEEDED.filter((name) => flags[name] === undefined)
  if (missing.length > 0) {
    const names = missing.map((name) => `--${name}`).join(' ')
    throw new Failure(
      2,
      `还缺 ${names}；或用 --example、--claims。`,
      `Missing ${names}; or use --example or --claims.`,
    )
  }
  const { service, basis, scenario, official, position, authorization, ref } = flags
  const parts = {
    purpose: { service, basis, scenario },
    official: { id: official, position },
    authorization: { kind: authorization, ref },
  }
  const merged = Object.entries(parts).map(([name, part]) => {
    const given = Object.fromEntries(
      Object.entries(part).filter(([, value]) => value !== undefined),
    )
    return [name, { ...(base?.[name] as object | undefined), ...given }]
  })
  return {
    ...base,
    ...(flags.requester === undefined ? {} : { requester: flags.requester }),
    ...(flags.item === undefined ? {} : { item: flags.item }),
    ...Object.fromEntries(merged.filter(([, part]) => Object.keys(part as object).length > 0)),
    ...(flags.case === undefined ? {} : { case: flags.case }),
    ...(flags.subject === undefined ? {} : { subject: parseSubject(flags.subject) }),
    ...(flags.ask === undefined ? {} : { ask: flags.ask.map((one) => parseQuestion(one, types)) }),
  }
}

/** What the contract does not type as something else is text. */
function typedValue(text: string, type: string | undefined): unknown {
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true'
  if ((type === 'integer' || type === 'number') && text !== '' && !Number.isNaN(Number(text)))
    return Number(text)
  return text
}

function notAQuestion(text: string): Failure {
  return new Failure(
    2,
    `看不懂 --ask ${text}；写法：claim、claim=值、claim>=值、claim<=值、"claim in 甲,乙"。`,
    `--ask ${text} is not understood; write claim, claim=v, claim>=v, claim<=v or "claim in a,b".`,
  )
}
