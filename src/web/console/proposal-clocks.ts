import { html } from 'hono/html'
import { dayInShanghai } from '../../calendar/day.ts'
import type { Trace } from '../../calendar/trace.ts'
import { countedWords, dayWords } from '../../calendar/words.ts'
import type { RunningClock } from '../../proposal/running-clock.ts'
import { type Clock, clock } from '../components/history.ts'
import { descriptionList } from '../components/lists.ts'
import type { Tone } from '../components/state.ts'
import type { Lang } from '../language.ts'
import { CLOCKS } from '../texts/clocks.ts'
import { TERMS } from '../texts/terms.ts'
import { clockTime } from '../time.ts'
import { type Content, type Html, inChinese, pick } from '../words.ts'

/** In a list a clock stands without its trace. */
export type ListedClock = Omit<RunningClock, 'trace'>

const TONES: Readonly<Record<RunningClock['state'], Tone>> = {
  normal: 'good',
  near: 'warn',
  overdue: 'bad',
  stopped: 'info',
  done: 'quiet',
  'no-calendar': 'quiet',
}

/** What may be done until then, and need not: whoever demands nothing in time owes nothing. */
const MAY = 'correction-notice'

/** The open clock that ends first; those that stand still, or that no calendar covers, come last. */
export function mostUrgent(clocks: readonly ListedClock[]): ListedClock | undefined {
  return clocks
    .filter(({ state, name }) => state !== 'done' && name !== MAY)
    .toSorted((a, b) => dueAt(a) - dueAt(b))[0]
}

/** Epoch milliseconds; infinity where nothing is due on a day that is known. */
export function dueAt({ due }: ListedClock): number {
  return due ? Date.parse(due.at) : Number.POSITIVE_INFINITY
}

/** How it stands, in words: "还剩 3 个工作日（11 月 26 日 星期四）". */
export function clockTag(lang: Lang, one: ListedClock): Html {
  return clock(lang, { ...wordsOf(lang, one), trace: [] })
}

/** Each clock with its article, when it began, and every day as it was counted. */
export function clockList(lang: Lang, clocks: readonly RunningClock[]): Content {
  if (clocks.length === 0) return ''
  const says = CLOCKS[lang]
  return html`<h2>${says.title}</h2>${descriptionList(
    clocks.map((one) => [pick(lang, one.names), clockOf(lang, one)] as const),
  )}`
}

function clockOf(lang: Lang, one: RunningClock): Html {
  const trace = (one.trace?.days ?? []).map((day) => ({
    day: pick(lang, dayWords(day.date)),
    why: pick(lang, countedWords(day)),
  }))
  return html`${clock(lang, { ...wordsOf(lang, one), trace })}<div class="faint small">${inChinese(lang, one.article)}${one.trace ? facts(lang, one.trace) : ''}</div>`
}

function facts(lang: Lang, { start, stops = [], extension }: Trace): Html {
  const says = CLOCKS[lang]
  const { sentence } = TERMS[lang]
  const said = [
    says.from(clockTime(start).slice(0, 16)),
    ...(extension ? [says.extended(extension.n)] : []),
    ...stops.map(({ from, to }) =>
      says.stopped(
        clockTime(from).slice(0, 16),
        to === null ? undefined : clockTime(to).slice(0, 16),
      ),
    ),
  ]
  return html`${sentence}${said.join(sentence)}`
}

function wordsOf(lang: Lang, one: ListedClock): Pick<Clock, 'tone' | 'words'> {
  const says = CLOCKS[lang]
  const { state, left, doneAt, isLate, year } = one
  if (state === 'done' && doneAt !== undefined) {
    const day = pick(lang, dayWords(dayInShanghai(Date.parse(doneAt))))
    return isLate
      ? { tone: 'bad', words: says.late(day) }
      : { tone: 'quiet', words: says.done(day) }
  }
  const words = left ? pick(lang, left) : says.noCalendar(year ?? 0)
  return { tone: TONES[state], words }
}
