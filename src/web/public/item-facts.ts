import type { Item } from '../../registry/documents.ts'
import type { Lang } from '../language.ts'
import { frequencyWords, lawList, timeLimitWords } from '../terms.ts'
import { CATALOG } from '../texts/catalog.ts'
import { TERMS } from '../texts/terms.ts'
import { type Content, type Html, pick } from '../words.ts'

export type Fact = readonly [term: string, said: Content]

/** The seven mandatory fields (上海 §二). */
export function sevenFacts(lang: Lang, item: Item): readonly (readonly [string, string])[] {
  const { fields } = CATALOG[lang]
  return [
    [fields.conditions, pick(lang, item.conditions)],
    [fields.content, pick(lang, item.content)],
    [fields.procedure, pick(lang, item.procedure)],
    [fields.mode, pick(lang, item.mode)],
    [fields.responsibility, pick(lang, item.responsibility)],
    [fields.fee, pick(lang, item.fee)],
    [fields.timeLimit, timeLimitWords(lang, item.timeLimit)],
  ]
}

/** What 政务数据共享条例 art. 13 asks of a catalogue entry. */
export function dataFacts(lang: Lang, { data }: Item): readonly (readonly [string, string])[] {
  const { dataFields } = CATALOG[lang]
  return [
    [dataFields.items, pick(lang, data.items)],
    [dataFields.format, pick(lang, data.format)],
    [dataFields.updateFrequency, frequencyWords(lang, data.updateFrequency)],
    [dataFields.sharingMode, pick(lang, data.sharingMode)],
    [dataFields.useConditions, pick(lang, data.useConditions)],
    [dataFields.classification, pick(lang, data.classification)],
    [dataFields.impactAssessment, pick(lang, data.impactAssessment)],
  ]
}

/** How it is shared, and every other fact, as texts that two versions can be compared by. */
export function factTexts(lang: Lang, item: Item): readonly (readonly [string, string])[] {
  const says = CATALOG[lang]
  const { sharing, kind } = item
  const terms = TERMS[lang]
  return [
    [says.kind, terms.kinds[kind]],
    [says.sharing, terms.sharing[sharing.class]],
    [says.scope, pick(lang, sharing.scope)],
    [says.use, pick(lang, sharing.use)],
    ...(sharing.statute ? [[says.statute, sharing.statute] as const] : []),
    ...sevenFacts(lang, item),
    ...dataFacts(lang, item),
    [says.replacesTitle, item.replaces.map((one) => pick(lang, one)).join(terms.comma)],
  ]
}

export function lawOf(lang: Lang, { law }: Item): Html {
  return lawList(lang, law)
}
