import type { Bilingual } from '../errors.ts'
import type { Counting } from './trace.ts'

/** A time limit that the law sets, ready to be counted: `dueOf(calendar, { ...clock('review'), start })`. */
export type Clock = Required<Pick<Counting, 'limit' | 'extensionMax'>> & {
  readonly names: Bilingual
  /** Where the limit stands, and whether that text was read whole. */
  readonly law: {
    readonly title: string
    readonly article?: string
    readonly mark: 'read' | 'excerpt' | 'unverified'
  }
}

export type ClockName = keyof typeof CLOCKS | 'answer'
/** By which an application's answer is due; what is not shared is not applied for. */
export type AnswerClass = 'UNCONDITIONAL' | 'CONDITIONAL'

/**
 * The statutory clocks of data sharing. The answer's depends on the item's sharing class: 1 working day, or
 * 10 and once up to 10 more with the authority's consent and notice to the requester.
 */
export function clock(name: 'answer', sharing: AnswerClass): Clock
export function clock(name: keyof typeof CLOCKS): Clock
export function clock(name: ClockName, sharing: AnswerClass = 'UNCONDITIONAL'): Clock {
  return name === 'answer' ? ANSWERS[sharing] : CLOCKS[name]
}

const SHARING = '政务数据共享条例'

type Sharing = {
  readonly n: number
  readonly from: Clock['limit']['from']
  readonly article: string
  readonly names: Bilingual
  readonly extensionMax?: number
}

/** Of the Regulation on Government Data Sharing (国务院令第809号), in working days. */
function ofSharing({ n, from, article, names, extensionMax = 0 }: Sharing): Clock {
  return {
    names,
    limit: { n, unit: 'WORKING_DAY', from, basis: `${SHARING}${article}` },
    extensionMax,
    law: { title: SHARING, article, mark: 'read' },
  }
}

const ANSWER = { from: 'RECEIPT', article: '第二十一条' } as const

const ANSWERS: Readonly<Record<AnswerClass, Clock>> = {
  UNCONDITIONAL: ofSharing({
    ...ANSWER,
    n: 1,
    names: { zh: '答复（无条件共享）', en: 'Answer (shared unconditionally)' },
  }),
  CONDITIONAL: ofSharing({
    ...ANSWER,
    n: 10,
    extensionMax: 10,
    names: { zh: '答复（有条件共享）', en: 'Answer (shared conditionally)' },
  }),
}

const CLOCKS = {
  /** The authority reviews and publishes a catalogue entry. */
  review: ofSharing({
    n: 2,
    from: 'RECEIPT',
    article: '第十七条',
    names: { zh: '目录审核发布', en: 'Review and publication' },
  }),
  /** Law or duties changed: the agency brings its catalogue up to date. */
  'item-change': ofSharing({
    n: 10,
    from: 'CHANGE',
    article: '第十七条',
    extensionMax: 5,
    names: { zh: '目录更新', en: 'Change of an item' },
  }),
  /** After consent, the data is shared. */
  delivery: ofSharing({
    n: 20,
    from: 'CONSENT',
    article: '第二十二条',
    names: { zh: '同意后共享', en: 'Delivery after consent' },
  }),
  /** The provider verifies data that a requester reports as wrong, corrects it and replies. */
  'data-correction': ofSharing({
    n: 10,
    from: 'RECEIPT',
    article: '第二十六条',
    names: { zh: '数据校核', en: 'Correction of data' },
  }),
  /**
   * The one notice of all that is missing; a late one means accepted on receipt. The Regulation (art. 21)
   * demands the notice and sets no time, so the licensing law's is taken.
   */
  'correction-notice': {
    names: { zh: '一次性告知补正', en: 'Single notice of what is missing' },
    limit: {
      n: 5,
      unit: 'WORKING_DAY',
      from: 'RECEIPT',
      basis: '行政许可法第三十二条（参照）',
    },
    extensionMax: 0,
    law: { title: '行政许可法', article: '第三十二条', mark: 'read' },
  },
  /** A new public-service item is registered. */
  'service-registration': {
    names: { zh: '新增服务事项登记', en: 'Registration of a new service' },
    limit: {
      n: 20,
      unit: 'WORKING_DAY',
      from: 'CHANGE',
      basis: '上海市落实国办发〔2015〕86号方案（参照）',
    },
    extensionMax: 0,
    law: { title: '上海市落实国办发〔2015〕86号方案', mark: 'unverified' },
  },
} as const satisfies Readonly<Record<string, Clock>>
