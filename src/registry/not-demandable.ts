import { normalizeName } from '../contract/name.ts'
import { answersNow, type Standing, standingOf } from './counts.ts'
import type { Item } from './documents.ts'
import { versionInService } from './order.ts'
import type { Registry } from './registry.ts'
import { type Blacklist, itemsOf, type Service } from './service-item.ts'

/** Shorter than this a name says nothing: "证" is in every one of them. */
export const QUERY_CHARACTERS_MIN = 2
const MATCHES_MAX = 50

type Text = { readonly zh: string; readonly en: string }
type Law = Service['law']

/**
 * What may be said of a proof as a paper to hand in:
 * - `NOT_DEMANDABLE`: whoever names this proof has replaced it, abolished it, or takes a declaration.
 * - `NOT_FROM_ISSUER`: a national list forbids to send anybody to that issuer for it.
 * - `DEPENDS`: some service still needs it: it is kept, or an officer has to answer.
 * - `RESEMBLES`: only names that contain it, or that it contains, were found; they decide nothing.
 * - `NOT_LISTED`: not found, which proves nothing either way.
 */
export type Verdict = 'NOT_DEMANDABLE' | 'NOT_FROM_ISSUER' | 'DEPENDS' | 'RESEMBLES' | 'NOT_LISTED'

/** One place that decides about a proof of that name. */
export type Match = {
  readonly match: 'exact' | 'contains'
  /** `listed`: by a national list; `proven` and `pending`: replaced by items; else as decided by a service. */
  readonly ground: Standing | 'listed'
  readonly names: Text
  readonly reason: Text
  readonly law: Law
  readonly service?: { readonly code: string; readonly names: Text }
  readonly items?: readonly { readonly code: string; readonly names: Text | undefined }[]
  readonly list?: {
    readonly id: string
    readonly names: Text
    readonly sources: readonly string[]
  }
}

export type NotDemandable = {
  readonly verdict: Verdict
  readonly says: Text
  /** How many places matched; `matches` holds the first 50 of them, exact ones first. */
  readonly total: number
  readonly matches: readonly Match[]
}

/** What may be said of a proof, under each of its names. */
type Candidate = Omit<Match, 'match'> & { readonly forms: readonly string[] }

const READY = new WeakMap<Registry, readonly Candidate[]>()

/**
 * May this proof be demanded? Compared after `normalizeName` with the names, in both languages, of the
 * materials of published services, of what published items replace, and of the national lists. A name
 * that is equal decides; one that contains the other is shown, but decides nothing.
 *
 * @param asked a proof's name of at least `QUERY_CHARACTERS_MIN` characters after normalising.
 */
export function notDemandable(registry: Registry, asked: string): NotDemandable {
  const wanted = normalizeName(asked)
  const candidates = READY.get(registry) ?? candidatesOf(registry)
  READY.set(registry, candidates)
  const exact: Match[] = []
  const near: Match[] = []
  for (const { forms, ...found } of candidates) {
    if (forms.includes(wanted)) exact.push({ match: 'exact', ...found })
    else if (forms.some((form) => form.includes(wanted) || wanted.includes(form)))
      near.push({ match: 'contains', ...found })
  }
  const verdict = verdictOf(exact, near)
  const matches = [...exact, ...near]
  return {
    verdict,
    says: SAYS[verdict],
    total: matches.length,
    matches: matches.slice(0, MATCHES_MAX),
  }
}

function verdictOf(exact: readonly Match[], near: readonly Match[]): Verdict {
  if (exact.length === 0) return near.length === 0 ? 'NOT_LISTED' : 'RESEMBLES'
  if (exact.some(({ ground }) => ground === 'kept' || ground === 'pending')) return 'DEPENDS'
  return exact.every(({ ground }) => ground === 'listed') ? 'NOT_FROM_ISSUER' : 'NOT_DEMANDABLE'
}

const SAYS: Readonly<Record<Verdict, Text>> = {
  NOT_DEMANDABLE: {
    zh: '不得作为申请材料索要：已由机关核验替代、已取消，或以告知承诺代替。当面出示证件核对身份不在此列。',
    en: 'It may not be demanded as a paper to hand in: agencies verify it, it was abolished, or a declaration takes its place. Showing a card to be recognised is another thing.',
  },
  NOT_FROM_ISSUER: {
    zh: '列入国家清单：不得要求群众到清单所指单位开具。',
    en: 'It is on a national list: nobody may be sent for it to those whom the list names.',
  },
  DEPENDS: {
    zh: '视情况而定：有的服务事项仍保留，或须人工核查，请看所列各项。',
    en: 'It depends: some service keeps it, or waits for an officer; see the matches.',
  },
  RESEMBLES: {
    zh: '只查到名称相近的，不能据以判断，请看所列各项。',
    en: 'Only similar names were found, which decide nothing; see the matches.',
  },
  NOT_LISTED: {
    zh: '未查到，不说明可以要求：证明事项清单之外不得索要（优化营商环境条例第四十四条）。',
    en: 'Not found, which does not permit it: what is on no published list may not be demanded (Regulation on Improving the Business Environment, art. 44).',
  },
}

function candidatesOf(registry: Registry): Candidate[] {
  return [
    ...[...registry.services.values()].flatMap((service) => fromService(registry, service)),
    ...[...registry.items.values()].flatMap((versions) => fromItem(registry, versions)),
    ...[...registry.blacklists.values()].flatMap(fromList),
  ]
}

function fromService({ items }: Registry, { code, names, state, materials }: Service): Candidate[] {
  if (state !== 'published') return []
  const stands = answersNow(items)
  return materials.map((material) => ({
    forms: formsOf([material.names.zh, material.names.en]),
    ground: standingOf(material, stands),
    names: material.names,
    reason: material.reason,
    law: material.law,
    service: { code, names },
    items: itemsOf(material).map((item) => ({ code: item, names: items.get(item)?.[0]?.names })),
  }))
}

function fromItem({ items }: Registry, versions: readonly Item[]): Candidate[] {
  const item = versionInService(versions)
  if (!item) return []
  const { code, names, content, law, replaces } = item
  const ground = answersNow(items)(code) ? 'proven' : 'pending'
  return replaces.map((paper) => ({
    forms: formsOf([paper.zh, paper.en]),
    ground,
    names: paper,
    reason: content,
    law,
    items: [{ code, names }],
  }))
}

function fromList({ id, names, rule, law, sources, proofs }: Blacklist): Candidate[] {
  return proofs.map((proof) => ({
    forms: formsOf([proof.names.zh, proof.names.en, ...proof.also]),
    ground: 'listed',
    names: proof.names,
    reason: rule,
    law,
    list: { id, names, sources },
  }))
}

/** A name as it is compared; what stands in brackets explains and need not be asked. */
function formsOf(names: readonly string[]): readonly string[] {
  const bare = names.map((name) => name.replace(/[（(][^（()）]*[)）]/gu, ''))
  const forms = [...names, ...bare].map(normalizeName)
  return [...new Set(forms)].filter((form) => form.length >= QUERY_CHARACTERS_MIN)
}
