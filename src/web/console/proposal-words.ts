import type { Calendar } from '../../calendar/calendar.ts'
import { CalendarNotLoaded } from '../../calendar/calendar-error.ts'
import { clock as statutory } from '../../calendar/clocks.ts'
import { dueOf } from '../../calendar/due.ts'
import { timeLeft } from '../../calendar/left.ts'
import { countedWords, dayWords, timeLeftWords } from '../../calendar/words.ts'
import type { Move } from '../../proposal/move.ts'
import type { Proposal } from '../../proposal/proposal.ts'
import type { Registry } from '../../registry/registry.ts'
import { type Tone, tag } from '../components/state.ts'
import type { Lang } from '../language.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import { ROLES } from '../texts/roles.ts'
import { type Html, pick } from '../words.ts'

/** A word of a closed list; another kind's own word stays as it is. */
function wordOf(words: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(words, name) ? (words[name] as string) : name
}

export const kindWord = (lang: Lang, kind: string) => wordOf(PROPOSALS[lang].kinds, kind)
export const verbWord = (lang: Lang, verb: string) => wordOf(PROPOSALS[lang].verbs, verb)
export const doneWord = (lang: Lang, verb: string) => wordOf(PROPOSALS[lang].done, verb)
export const proposalStateWord = (lang: Lang, state: string) =>
  wordOf(PROPOSALS[lang].states, state)

const TONES: Readonly<Record<string, Tone>> = {
  draft: 'quiet',
  submitted: 'info',
  approved: 'info',
  published: 'good',
  withdrawn: 'quiet',
  'in-force': 'warn',
  lifted: 'good',
}

export function proposalTag(lang: Lang, state: string): Html {
  return tag(TONES[state] ?? 'info', proposalStateWord(lang, state))
}

/** What a change is about, by the name that stands in the registry; a new thing has its code only. */
export function targetName(
  lang: Lang,
  { items, services, systems, agencies }: Registry,
  { kind, target }: Pick<Proposal, 'kind' | 'target'>,
): string | undefined {
  const names =
    kind === 'service'
      ? services.get(target)?.names
      : kind === 'system' || kind === 'key'
        ? systems.get(target)?.names
        : kind === 'pledge'
          ? agencies.get(target)?.names
          : items.get(target)?.[0]?.names
  return names && pick(lang, names)
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

/** How long is left, in words, and each day that was counted. */
export type Deadline = {
  readonly tone: Tone
  readonly words: string
  readonly trace: readonly { readonly day: string; readonly why: string }[]
  /** Epoch milliseconds; infinity where no calendar says. */
  readonly at: number
}

/** Published within 2 working days of what its agency's head approved (条例 art. 17). */
export function reviewDeadline(
  lang: Lang,
  calendar: Calendar,
  { state, changedAt }: Pick<Proposal, 'state' | 'changedAt'>,
  now: number,
): Deadline | undefined {
  if (state !== 'approved') return undefined
  try {
    const deadline = dueOf(calendar, { ...statutory('review'), start: changedAt })
    const left = timeLeft(calendar, deadline, now)
    const tone = left.state === 'overdue' ? 'bad' : left.state === 'near' ? 'warn' : 'good'
    const trace = (deadline.trace.days ?? []).map((day) => ({
      day: pick(lang, dayWords(day.date)),
      why: pick(lang, countedWords(day)),
    }))
    const at = deadline.due?.at ?? Number.POSITIVE_INFINITY
    return { tone, words: pick(lang, timeLeftWords(left)), trace, at }
  } catch (error) {
    if (!(error instanceof CalendarNotLoaded)) throw error
    const words = PROPOSALS[lang].noCalendar
    return { tone: 'quiet', words, trace: [], at: Number.POSITIVE_INFINITY }
  }
}
