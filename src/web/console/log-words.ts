import { html } from 'hono/html'
import type { Act } from '../../audit/reading.ts'
import { type Code, ERRORS } from '../../errors.ts'
import type { Leaf } from '../../log/entry.ts'
import type { Registry } from '../../registry/registry.ts'
import { type Tone, tag } from '../components/state.ts'
import type { Lang } from '../language.ts'
import { agencyLink, itemLink } from '../terms.ts'
import { LOG } from '../texts/log.ts'
import { LOG_TERMS } from '../texts/log-terms.ts'
import { TERMS } from '../texts/terms.ts'
import { clockTime } from '../time.ts'
import { type Content, type Html, pick } from '../words.ts'
import { kindWord as proposalKindWord, verbWord } from './proposal-words.ts'

/** What an entry is told with: the registry as it is now, and the names of persons. */
export type Telling = {
  readonly lang: Lang
  readonly registry: Registry
  readonly names: ReadonlyMap<string, string>
}

const OUTCOME_TONES: Readonly<Record<string, Tone>> = {
  ANSWERED: 'good',
  NO_RECORD: 'info',
  UNDETERMINED: 'quiet',
}

/** A record's number, leading to it. */
export function recordLink(number: number, text: string = String(number)): Html {
  return html`<a href="/console/log/${number}">${text}</a>`
}

/** The day above the hour, in a column. */
export function timeOf({ time }: Pick<Leaf, 'time'>): Html {
  const [day, clock] = clockTime(time).split(' ')
  return html`<time datetime="${time}">${day}<br>${clock}</time>`
}

/** Who asked or acted: a system and the agency it asks for, a person, or the gateway itself. */
export function whoOf(telling: Telling, leaf: Leaf): Content {
  const { lang, registry } = telling
  const { caller, requester, act } = leaf
  if (act)
    return html`<span class="faint small">${LOG[lang].person}</span> ${personOf(telling, act.by)}`
  if (caller === undefined) return html`<span class="faint">${LOG[lang].nobody}</span>`
  const system = registry.systems.get(caller)
  const agency = requester ?? system?.agency
  const asked = agency === undefined ? '' : agencyLink(lang, agency, registry.agencies.get(agency))
  return html`${asked}<br><code class="small">${caller}</code>`
}

/** By name; by the id in the entry where there is nobody of that id any more. */
export function personOf({ names }: Telling, id: string): Content {
  return names.get(id) ?? html`<code>${id}</code>`
}

/** An item by code and name; as it was asked for where nobody knows it. */
export function itemOf({ lang, registry }: Telling, { item }: Leaf): Content {
  if (item === undefined) return ''
  const [code = '', version] = item.split('@')
  const known = registry.items.get(code)
  const newest = known?.find((one) => String(one.version) === version) ?? known?.[0]
  if (!newest) return html`<code>${item}</code>`
  return html`${itemLink(lang, code, newest.names)}<br><code class="small">${item}</code>`
}

/** The service that it is for. */
export function purposeOf({ lang, registry }: Telling, { purpose }: Leaf): Content {
  if (!purpose) return ''
  const service = registry.services.get(purpose.service)
  if (!service) return html`<code>${purpose.service}</code>`
  return html`<a href="/services/${purpose.service}">${pick(lang, service.names)}</a>`
}

/** What came of it: an outcome, the check that failed, or what was done. */
export function resultOf(telling: Telling, leaf: Leaf): Content {
  const { lang } = telling
  const { outcome, check, count, act, change, erases, intent } = leaf
  if (outcome !== undefined)
    return tag(OUTCOME_TONES[outcome] ?? 'quiet', outcomeWord(lang, outcome))
  if (check !== undefined) {
    const times = count === undefined || count === 1 ? '' : html`<br>${LOG[lang].times(count)}`
    return html`${tag('warn', checkWord(lang, check))}<br><code class="small">${check}</code>${times}`
  }
  if (act) return actOf(telling, act)
  if (change) return html`${changeWord(lang, change.what)} <code class="small">${change.id}</code>`
  if (erases) return html`${erases.map((one, i) => html`${i === 0 ? '' : ' '}${recordLink(one)}`)}`
  return intent === undefined ? '' : recordLink(intent)
}

/** "打开记录 12", "协助事项：提交 MAR-01"; words that this page does not know stand as the log has them. */
export function actOf({ lang }: Telling, { what, id }: NonNullable<Leaf['act']>): Html {
  const words: Readonly<Record<string, string>> = LOG_TERMS[lang].acts satisfies Record<Act, string>
  const [kind = '', verb = ''] = what.split('.')
  if (!Object.hasOwn(words, what))
    return html`${proposalKindWord(lang, kind)}${TERMS[lang].colon}${verbWord(lang, verb)} <code class="small">${id}</code>`
  const word = words[what]
  if (what === 'log.read') return html`${word} ${recordLink(Number(id))}`
  if (what !== 'log.search') return html`${word}`
  return html`${word} <a href="/console/log?${id}"><code class="small">${id}</code></a>`
}

export function kindWord(lang: Lang, kind: Leaf['kind']): string {
  return LOG_TERMS[lang].kinds[kind]
}

export function outcomeWord(lang: Lang, outcome: string): string {
  const words: Readonly<Record<string, string>> = LOG_TERMS[lang].outcomes
  return words[outcome] ?? outcome
}

function changeWord(lang: Lang, what: string): string {
  const words: Readonly<Record<string, string>> = LOG_TERMS[lang].changes
  return Object.hasOwn(words, what) ? (words[what] as string) : what
}

/** The refusal's title; the code itself where this release knows it no more. */
export function checkWord(lang: Lang, check: string): string {
  return Object.hasOwn(ERRORS, check) ? pick(lang, ERRORS[check as Code].title) : check
}
