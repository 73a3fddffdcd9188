import { html } from 'hono/html'
import type { Code } from '../../errors.ts'
import type { Move } from '../../proposal/move.ts'
import type { Proposal } from '../../proposal/proposal.ts'
import type { Registry } from '../../registry/registry.ts'
import { type Tone, tag } from '../components/state.ts'
import type { Lang } from '../language.ts'
import { PROPOSAL_WORDS } from '../texts/proposal-words.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import { ROLES } from '../texts/roles.ts'
import { type Content, type Html, pick } from '../words.ts'

/** A word of a closed list; another kind's own word stays as it is. */
function wordOf(words: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(words, name) ? (words[name] as string) : name
}

export const kindWord = (lang: Lang, kind: string) => wordOf(PROPOSAL_WORDS[lang].kinds, kind)
export const verbWord = (lang: Lang, verb: string) => wordOf(PROPOSAL_WORDS[lang].verbs, verb)
export const doneWord = (lang: Lang, verb: string) => wordOf(PROPOSAL_WORDS[lang].done, verb)
export const proposalStateWord = (lang: Lang, state: string) =>
  wordOf(PROPOSAL_WORDS[lang].states, state)

const TONES: Readonly<Record<string, Tone>> = {
  draft: 'quiet',
  submitted: 'info',
  approved: 'info',
  published: 'good',
  withdrawn: 'quiet',
  'in-force': 'warn',
  lifted: 'good',
  'to-correct': 'warn',
  active: 'good',
  suspended: 'warn',
  refused: 'bad',
  negotiating: 'warn',
  coordinating: 'warn',
  upheld: 'bad',
  ended: 'quiet',
  terminated: 'quiet',
  reported: 'warn',
  corrected: 'good',
  confirmed: 'quiet',
}

export function proposalTag(lang: Lang, state: string): Html {
  return tag(TONES[state] ?? 'info', proposalStateWord(lang, state))
}

/**
 * What a change is about, by the name that stands in the registry; a new thing has its code only.
 *
 * @param people names of persons by id, where a change may be about somebody
 */
export function targetName(
  lang: Lang,
  registry: Registry,
  { kind, target }: Pick<Proposal, 'kind' | 'target'>,
  people?: ReadonlyMap<string, string>,
): string | undefined {
  if (kind === 'person') return people?.get(target)
  const names = namesOf(registry, kind, target)
  return names && pick(lang, names)
}

/** An agreement is called by the item that it is about. */
function namesOf(
  { items, services, systems, agencies, agreements }: Registry,
  kind: string,
  target: string,
) {
  switch (kind) {
    case 'service':
      return services.get(target)?.names
    case 'system':
    case 'key':
    case 'key-end':
      return systems.get(target)?.names
    case 'pledge':
      return agencies.get(target)?.names
    case 'agreement':
      return items.get(
        [...agreements.values()].flat().find(({ id }) => id === target)?.item ?? '',
      )?.[0]?.names
    default:
      return items.get(target)?.[0]?.names
  }
}

/** Whether a move is out of the question as things stand, whoever makes it. */
export function neverApplies(whyNot: Code | undefined): boolean {
  return whyNot === 'sharing-class' || whyNot === 'wrong-state'
}

/** What stands for a code in a list: nobody reads a person's random id. */
export function targetCode({ kind, target }: Pick<Proposal, 'kind' | 'target'>): Content {
  return kind === 'person' ? '' : html`<code>${target}</code>`
}

export function agencyName(lang: Lang, { agencies }: Pick<Registry, 'agencies'>, uscc: string) {
  const agency = agencies.get(uscc)
  return agency ? pick(lang, agency.names) : uscc
}

/** Who may make a move: the first role of its row, with the agency that it counts for. */
export function holderWords(
  lang: Lang,
  registry: Registry,
  { by }: Pick<Move, 'by'>,
  { agency, party }: Pick<Proposal, 'agency' | 'party'>,
): string {
  const { holders } = PROPOSALS[lang]
  const [first] = by
  if (!first) return ''
  const role = ROLES[lang][first.role]
  if (first.of === 'authority') return holders.authority(role)
  const uscc = first.of === 'agency' ? agency : (party ?? '')
  return holders[first.of](role, agencyName(lang, registry, uscc))
}
