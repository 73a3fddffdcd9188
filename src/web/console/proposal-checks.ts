import { html } from 'hono/html'
import type { Shown } from '../../proposal/show.ts'
import { shape, type Tone } from '../components/state.ts'
import type { Lang } from '../language.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import { TERMS } from '../texts/terms.ts'
import { type Html, inChinese, pick } from '../words.ts'
import { fieldName } from './field-names.ts'

export type Found = Shown['findings'][number]

const SIGNS: Readonly<Record<Found['level'], readonly [sign: string, tone: Tone]>> = {
  pass: ['✓', 'good'],
  block: ['✗', 'bad'],
  reason: ['!', 'warn'],
  question: ['?', 'warn'],
}

/**
 * Every check with its sign, its word, the place and the article; and what was said where words were asked
 * for. Of what is done, what was said.
 */
export function checkList(
  lang: Lang,
  { findings, proposal, isUnderWay }: Pick<Shown, 'findings' | 'proposal' | 'isUnderWay'>,
): Html {
  const says = PROPOSALS[lang]
  if (findings.length === 0)
    return html`<p>${isUnderWay ? says.checksNone : says.checksDone(false)}</p>`
  const failed = findings.filter(({ level }) => level === 'block').length
  const open = findings.filter(({ level, isMet }) => level !== 'block' && !isMet).length
  const sum = isUnderWay ? says.checksSum(failed, open) : says.checksDone(true)
  return html`<p>${sum}</p><ul class="checks">${findings.map((one) => {
    const [sign, tone] = SIGNS[one.level]
    const words = saidOf(proposal.said, one)
    const place = one.pointer
      ? html`<span class="faint">${fieldName(lang, one.pointer)}</span>`
      : ''
    return html`<li>${shape(tone, sign)}<div><strong>${says.levels[one.level]}</strong> ${pick(lang, one.texts)} ${place}<br>${inChinese(lang, one.article)}<span class="faint">${TERMS[lang].marks[one.mark]}</span>${words ? html`<blockquote>${says.said}: ${words}</blockquote>` : ''}</div></li>`
  })}</ul>`
}

/** The words for one place of the document, or for the whole check. */
export function saidOf(
  { reasons, answers }: Shown['proposal']['said'],
  { id, pointer, level }: Pick<Found, 'id' | 'pointer' | 'level'>,
): string | undefined {
  const words = level === 'reason' ? reasons : level === 'question' ? answers : {}
  const own = (name: string) => (Object.hasOwn(words, name) ? words[name] : undefined)
  return own(`${id}${pointer}`) ?? own(id)
}
