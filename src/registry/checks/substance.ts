import type { Bilingual } from '../../errors.ts'
import { block, type Fault } from './rule.ts'

/** What people write where they have nothing to say yet. */
const PLACEHOLDERS =
  /^(?:待定|待补充|待填写?|待确认|暂无|略|同上|见附件|测试|tbd|todo|tba|n\/?a|null|nil|xx+|test|lorem.*|[-—_.…*?？]+)$/iu

/** Whether a text says something: two letters at the least, and no placeholder. */
export function isSubstantive(text: string): boolean {
  const plain = text.normalize('NFKC').trim()
  return (plain.match(/\p{L}|\p{N}/gu) ?? []).length >= 2 && !PLACEHOLDERS.test(plain)
}

export type Field = { readonly pointer: string; readonly name: Bilingual; readonly text: Bilingual }

/** A `block` for each field, and language, that says nothing. */
export function emptyFields(fields: readonly Field[]): Fault[] {
  return fields.flatMap(({ pointer, name, text }) =>
    (['zh', 'en'] as const)
      .filter((language) => !isSubstantive(text[language]))
      .map((language) =>
        block(
          `${pointer}/${language}`,
          `“${name.zh}”（${language === 'zh' ? '中文' : '英文'}）没有实际内容，请写明`,
          `“${name.en}” (${language === 'zh' ? 'Chinese' : 'English'}) says nothing; state it`,
        ),
      ),
  )
}
