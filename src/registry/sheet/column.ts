import type { Bilingual } from '../../errors.ts'
import { type Codec, choice, lines, whole, words } from './codec.ts'

/** One column of a sheet: its heading, and the member of the document that its cells hold. */
export type Column = {
  /** Its name for machines, which is taken as a heading too. */
  readonly key: string
  readonly names: Bilingual
  readonly path: readonly string[]
  readonly codec: Codec
  /** Written so that it can be read; what is changed there changes nothing. */
  readonly isReadOnly?: true
}

export function column(key: string, zh: string, en: string, codec: Codec = words): Column {
  return { key, names: { zh, en }, path: key.split('.'), codec }
}

export function readOnly(key: string, zh: string, en: string, codec: Codec = words): Column {
  const names = { zh: `${zh}（只读）`, en: `${en} (read only)` }
  return { key, names, path: key.split('.'), codec, isReadOnly: true }
}

/** A text in both languages: two columns. */
export function bilingual(key: string, zh: string, en: string): readonly Column[] {
  return [
    column(`${key}.zh`, `${zh}（中文）`, `${en} (Chinese)`),
    column(`${key}.en`, `${zh}（英文）`, `${en} (English)`),
  ]
}

const UNITS = choice({
  WORKING_DAY: { zh: '工作日', en: 'working days' },
  NATURAL_DAY: { zh: '自然日', en: 'natural days' },
  HOUR: { zh: '小时', en: 'hours' },
  INSTANT: { zh: '即办', en: 'at once' },
})

const EVENTS = choice({
  RECEIPT: { zh: '收到', en: 'receipt' },
  ACCEPTANCE: { zh: '受理', en: 'acceptance' },
  CONSENT: { zh: '同意', en: 'consent' },
  CHANGE: { zh: '变更', en: 'change' },
})

/** A statutory and a promised limit, and the note on both. */
export function timeLimit(): readonly Column[] {
  const one = (member: string, zh: string, en: string) => [
    column(`timeLimit.${member}.n`, `${zh}时限`, `${en} time limit`, whole),
    column(`timeLimit.${member}.unit`, `${zh}时限单位`, `${en} limit’s unit`, UNITS),
    column(`timeLimit.${member}.from`, `${zh}时限起算`, `${en} limit counts from`, EVENTS),
    column(`timeLimit.${member}.basis`, `${zh}时限依据`, `${en} limit’s basis`),
  ]
  return [
    ...one('statutory', '法定', 'Statutory'),
    ...one('promised', '承诺', 'Promised'),
    ...bilingual('timeLimit.note', '时限说明', 'Note on the limits'),
  ]
}

export const STATES = choice({
  draft: { zh: '草稿', en: 'draft' },
  submitted: { zh: '已提交', en: 'submitted' },
  approved: { zh: '已批准', en: 'approved' },
  published: { zh: '已发布', en: 'published' },
  active: { zh: '有效', en: 'active' },
  suspended: { zh: '已中止', en: 'suspended' },
  ended: { zh: '已终止', en: 'ended' },
  retired: { zh: '已退出', en: 'retired' },
})

/** Laws, one a line: title, article where there is one, and whether the text was read. */
export function laws(empty?: readonly unknown[]): Codec {
  type Law = { title: string; article?: string; mark: string }
  return lines(
    {
      parts: ({ title, article = '', mark }: Law) => [title, article, mark],
      element: ([title = '', article = '', mark = '']) => ({
        title,
        ...(article === '' ? {} : { article }),
        mark,
      }),
      form: {
        zh: '名称 | 条款（可空） | read、excerpt 或 unverified',
        en: 'title | article (may be empty) | read, excerpt or unverified',
      },
      counts: [3],
    },
    empty,
  )
}

/** Texts in both languages, one a line. */
export function bilingualLines(empty?: readonly unknown[]): Codec {
  return lines(
    {
      parts: ({ zh, en }: Bilingual) => [zh, en],
      element: ([zh = '', en = '']) => ({ zh, en }),
      form: { zh: '中文 | 英文', en: 'Chinese | English' },
      counts: [2],
    },
    empty,
  )
}
