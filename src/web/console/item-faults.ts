import type { Refusal } from '../../errors.ts'
import type { Lang } from '../language.ts'
import { ITEM_FORM } from '../texts/item-form.ts'
import type { Values } from './item-document.ts'

/** What is wrong with a form, by its fields, from the places that a refusal names. */
export function faultsOf(
  lang: Lang,
  { code, more }: Pick<Refusal, 'code' | 'more'>,
  values: Values,
): Readonly<Record<string, string>> {
  if (code !== 'parameters') return {}
  const names = (more.pointers ?? []).flatMap((pointer) => {
    const name = fieldOf(pointer)
    return name === undefined ? [] : [name]
  })
  return Object.fromEntries(names.map((name) => [name, faultOf(lang, name, values)]))
}

/** `/doc/names/zh` → `names.zh`; all places within the connector are one field. */
function fieldOf(pointer: string): string | undefined {
  const [, doc, ...path] = pointer.split('/')
  if (doc !== 'doc' || path.length === 0) return undefined
  return path[0] === 'connector' ? 'connector' : path.join('.')
}

function faultOf(lang: Lang, name: string, values: Values): string {
  const says = ITEM_FORM[lang]
  const value = (values[name] ?? '').trim()
  if (value === '') return says.empty
  if (name === 'code') return /^[A-Z]{2,8}-\d{2}$/.test(value) ? says.taken : says.codeFault
  if (name === 'connector' && !isJson(value)) return says.jsonFault
  return name.endsWith('.n') ? says.limitFault : says.unfit
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
