import { html } from 'hono/html'
import type { Step } from '../../audit/decision.ts'
import type { LogRecord } from '../../audit/record.ts'
import { ERRORS, isRetryable } from '../../errors.ts'
import type { LogIdentity } from '../../log/shard.ts'
import { linkButton } from '../components/form.ts'
import { descriptionList } from '../components/lists.ts'
import { notice, type Tone, tag } from '../components/state.ts'
import { table } from '../components/table.ts'
import { page } from '../page.ts'
import { LOG } from '../texts/log.ts'
import { LOG_TERMS } from '../texts/log-terms.ts'
import { RECORD } from '../texts/record.ts'
import type { View } from '../view.ts'
import { type Html, pick } from '../words.ts'
import type { Desk } from './enter.ts'
import { kindWord, type Telling } from './log-words.ts'
import { factsOf } from './record-facts.ts'
import { proofOf } from './record-proof.ts'

/** Where the place that this runs at has none (Workers) the page says how to verify offline. */
const VERIFIER = ['web/assets/verify-record.ts']

/** One record: what it says, how it was decided, and its proof. */
export function recordPage(
  { view, menu, registry }: Desk,
  record: LogRecord,
  { names, logs }: { readonly names: Telling['names']; readonly logs: readonly LogIdentity[] },
): Html {
  const { lang } = view
  const telling = { lang, registry, names }
  const says = RECORD[lang]
  const { number, leaf, size } = record
  const newer = number + 1 < size ? linkButton(`/console/log/${number + 1}`, says.newer) : ''
  const older = number > 0 ? linkButton(`/console/log/${number - 1}`, says.older) : ''
  return page(view, {
    title: says.title(number),
    mark: tag(leaf.kind === 'refusal' ? 'warn' : 'info', kindWord(lang, leaf.kind)),
    actions: html`${older}${newer}`,
    crumbs: [{ href: '/console/log', text: LOG[lang].title }],
    menu,
    current: '/console/log',
    scripts: VERIFIER.filter((name) => view.look.files.has(name)),
    body: html`${descriptionList(factsOf(telling, record))}${decisionOf(view, record)}${proofOf(view, record, logs)}`,
  })
}

/** Each check in its order, and what the closed table says of the one that failed. */
function decisionOf({ lang }: View, { decision, leaf }: LogRecord): Html | '' {
  if (!decision) return ''
  const says = RECORD[lang]
  const { code, steps } = decision
  const isHeld = steps.every(({ standing }) => standing === 'held')
  const counted = leaf.count === undefined ? '' : html`<p>${says.counted}</p>`
  return html`<h2>${says.decision}</h2><p>${says.decisionLead}</p>${code ? refusalOf(lang, code) : ''}${counted}${isHeld ? folded(lang, steps) : stepsOf(lang, steps)}`
}

function refusalOf(
  lang: View['lang'],
  code: NonNullable<LogRecord['decision']>['code'] & string,
): Html {
  const says = RECORD[lang]
  const { title, meaning, hint, party } = ERRORS[code]
  const whose = says.refused(LOG_TERMS[lang].parties[party])
  return notice(
    'warn',
    html`<p><strong>${pick(lang, title)}</strong> <a href="/problems/${code}"><code>${code}</code></a></p><p>${pick(lang, meaning)}</p><p>${pick(lang, hint)} ${whose} ${isRetryable(code) ? says.retry : says.noRetry}</p>`,
  )
}

const TONES: Readonly<Record<Step['standing'], Tone>> = {
  held: 'good',
  failed: 'bad',
  moot: 'quiet',
  untold: 'quiet',
}

/** What went as it should is one line; every check of it, opened. */
function folded(lang: View['lang'], steps: readonly Step[]): Html {
  return html`<details class="ds-details"><summary>${RECORD[lang].allHeld(steps.length)}</summary><div>${stepsOf(lang, steps)}</div></details>`
}

function stepsOf(lang: View['lang'], steps: readonly Step[]): Html {
  const says = RECORD[lang]
  const terms = LOG_TERMS[lang]
  return table(lang, {
    caption: says.decision,
    rows: steps.map((step, i) => ({ ...step, place: i + 1 })),
    columns: [
      { head: '#', isNumber: true, cell: ({ place }) => place },
      { head: says.check, isHead: true, cell: ({ check }) => terms.checks[check] },
      {
        head: says.standing,
        cell: ({ standing }) => tag(TONES[standing], terms.standings[standing]),
      },
    ],
  })
}
