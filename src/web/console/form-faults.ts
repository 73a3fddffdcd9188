import type { Refusal } from '../../errors.ts'
import type { Lang } from '../language.ts'
import { ITEM_FORM } from '../texts/item-form.ts'
import type { Values } from './form-values.ts'

/** What one kind of form knows of its own fields. */
export type Faulting = {
  /** The field that shows what is wrong at a place of the document: `names.zh` by default for `/names/zh`. */
  readonly fieldOf?: (place: string) => string
  /** What is wrong with a field that has a value, and what to do; the general words where undefined. */
  readonly wordsOf?: (lang: Lang, name: string, value: string) => string | undefined
}

/** What is wrong with a form, by its fields, from the places that a refusal names. */
export function faultsOf(
  { code, more }: Pick<Refusal, 'code' | 'more'>,
  { lang, values }: { readonly lang: Lang; readonly values: Values },
  { fieldOf = (place) => place, wordsOf }: Faulting,
): Readonly<Record<string, string>> {
  if (code !== 'parameters') return {}
  const says = ITEM_FORM[lang]
  const names = (more.pointers ?? []).flatMap((pointer) => {
    const [, doc, ...path] = pointer.split('/')
    if (doc === 'details') return [path.join('.')]
    return doc === 'doc' && path.length > 0 ? [fieldOf(path.join('.'))] : []
  })
  return Object.fromEntries(
    names.map((name) => {
      const value = (values[name] ?? '').trim()
      const special = wordsOf?.(lang, name, value)
      const limit = name.endsWith('.n') ? says.limitFault : says.unfit
      return [name, special ?? (value === '' ? says.empty : limit)]
    }),
  )
}
