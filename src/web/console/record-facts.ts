import { html } from 'hono/html'
import type { LogRecord } from '../../audit/record.ts'
import type { Leaf } from '../../log/entry.ts'
import type { Lang } from '../language.ts'
import { agencyLink } from '../terms.ts'
import { LOG } from '../texts/log.ts'
import { RECORD } from '../texts/record.ts'
import { clockTime } from '../time.ts'
import { type Content, pick } from '../words.ts'
import {
  actOf,
  itemOf,
  kindWord,
  personOf,
  purposeOf,
  recordLink,
  resultOf,
  type Telling,
} from './log-words.ts'

type Fact = readonly [term: string, said: Content]

/** What an entry says, member by member; what it does not say has no line. */
export function factsOf(telling: Telling, { leaf, content, thing }: LogRecord): readonly Fact[] {
  const { lang } = telling
  const says = RECORD[lang].facts
  const fact = (term: string, value: unknown, said: () => Content): readonly Fact[] =>
    value === undefined ? [] : [[term, said()]]
  const hasResult = leaf.outcome ?? leaf.check
  return [
    [says.kind, kindWord(lang, leaf.kind)],
    [says.time, html`<time datetime="${leaf.time}">${clockTime(leaf.time)}</time>`],
    ...fact(says.caller, leaf.caller, () => systemOf(telling, leaf.caller ?? '')),
    ...fact(says.requester, leaf.requester, () => agencyOf(telling, leaf.requester ?? '')),
    ...fact(says.item, leaf.item, () => itemOf(telling, leaf)),
    ...fact(says.purpose, leaf.purpose, () => wholePurpose(telling, leaf)),
    ...fact(says.agreement, leaf.agreement, () => agreementOf(telling, leaf)),
    ...fact(says.result, hasResult, () => resultOf(telling, leaf)),
    ...fact(says.count, leaf.count, () => LOG[lang].times(leaf.count ?? 0)),
    ...fact(says.intent, leaf.intent, () => recordLink(leaf.intent ?? 0)),
    ...fact(says.erases, leaf.erases, () => resultOf(telling, leaf)),
    ...actFacts(telling, leaf),
    ...fact(says.thing, thing, () => thingOf(lang, thing ?? '')),
    ...fact(says.change, leaf.change, () => resultOf(telling, leaf)),
    ...fact(says.changeHash, leaf.change, () => html`<code>${leaf.change?.hash}</code>`),
    ...fact(says.shard, leaf.shard, () => html`<code>${leaf.shard?.predecessor.origin}</code>`),
    [says.content, contentWords(lang, content)],
  ]
}

function actFacts(telling: Telling, { act }: Leaf): readonly Fact[] {
  if (!act) return []
  const says = RECORD[telling.lang].facts
  const { by, proposer, approver, hash } = act
  return [
    [says.person, personOf(telling, by)],
    [says.did, actOf(telling, act)],
    ...(proposer === undefined ? [] : [[says.proposer, personOf(telling, proposer)] as const]),
    ...(approver === undefined ? [] : [[says.approver, personOf(telling, approver)] as const]),
    ...(hash === undefined ? [] : [[says.saw, html`<code>${hash}</code>`] as const]),
  ]
}

/** Leads to the whole of a change where the act was part of one. */
function thingOf(lang: Lang, thing: string): Content {
  const [kind, id = ''] = thing.split('/')
  if (kind !== 'proposal') return html`<code>${thing}</code>`
  return html`<a href="/console/proposals/${id}">${RECORD[lang].proposal}</a>`
}

function systemOf({ lang, registry }: Telling, id: string): Content {
  const system = registry.systems.get(id)
  return html`${system ? pick(lang, system.names) : ''} <code>${id}</code>`
}

function agencyOf({ lang, registry }: Telling, uscc: string): Content {
  return html`${agencyLink(lang, uscc, registry.agencies.get(uscc))} <code>${uscc}</code>`
}

function wholePurpose(telling: Telling, leaf: Leaf): Content {
  const { basis = '', scenario = '' } = leaf.purpose ?? {}
  return html`${purposeOf(telling, leaf)}<br><span class="faint">${RECORD[telling.lang].basis(basis, scenario)}</span>`
}

/** As it stands in the registry now: the entry names it, and the entry's time says which it was then. */
function agreementOf({ lang, registry }: Telling, { agreement, item = '' }: Leaf): Content {
  const [code = ''] = item.split('@')
  const known = registry.agreements.get(code)?.find(({ id }) => id === agreement)
  const validity = known ? RECORD[lang].validity(known.validFrom, known.validTo) : ''
  return html`<code>${agreement}</code> <span class="faint">${validity}</span>`
}

function contentWords(lang: Lang, content: LogRecord['content']): string {
  const says = RECORD[lang]
  return content.is === 'erased' ? says.erased(clockTime(content.at)) : says[content.is]
}
