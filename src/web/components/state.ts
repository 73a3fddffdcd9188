import { html } from 'hono/html'
import type { Lang } from '../language.ts'
import { type Html, messages } from '../words.ts'

/** How good or bad a state is. Colour alone never says it: each has a shape, and a word stands beside. */
export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'quiet'

const SHAPES: Readonly<Record<Tone, readonly [shape: string, color: string]>> = {
  good: ['●', 'success'],
  warn: ['▲', 'warning'],
  bad: ['■', 'danger'],
  info: ['◆', 'info'],
  quiet: ['○', 'neutral'],
}

/** @param own another sign than the tone's: a tick, a cross. */
export function shape(tone: Tone, own?: string): Html {
  const [sign, color] = SHAPES[tone]
  return html`<span class="shape" data-color="${color}" aria-hidden="true">${own ?? sign}</span>`
}

/** @example `tag('warn', '临期')` */
export function tag(tone: Tone, word: string): Html {
  return html`<span class="ds-tag" data-color="${SHAPES[tone][1]}">${shape(tone)}${word}</span>`
}

/** A paragraph that matters, with a coloured edge; its first words must say what its colour says. */
export function notice(tone: Tone, body: Html): Html {
  return html`<div class="notice" data-color="${SHAPES[tone][1]}">${body}</div>`
}

const STATES = messages(
  {
    draft: '草稿',
    submitted: '待审核',
    approved: '待发布',
    published: '已发布',
    suspended: '已暂停',
    retired: '已停用',
    active: '正常',
    ended: '已终止',
  },
  {
    draft: 'Draft',
    submitted: 'In review',
    approved: 'To be published',
    published: 'Published',
    suspended: 'Suspended',
    retired: 'Retired',
    active: 'Active',
    ended: 'Ended',
  },
)

export type State = keyof (typeof STATES)['en']

const TONES: Readonly<Record<State, Tone>> = {
  draft: 'quiet',
  submitted: 'info',
  approved: 'info',
  published: 'good',
  suspended: 'warn',
  retired: 'quiet',
  active: 'good',
  ended: 'quiet',
}

/** The state of an item, service, agreement or agency. */
export function stateTag(lang: Lang, state: State): Html {
  return tag(TONES[state], STATES[lang][state])
}

export function stateWord(lang: Lang, state: State): string {
  return STATES[lang][state]
}
