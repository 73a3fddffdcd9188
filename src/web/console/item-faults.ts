import { ITEM_FORM } from '../texts/item-form.ts'
import type { Faulting } from './form-faults.ts'

/** All places within the connector are one field; a code is taken, or is none. */
export const ITEM_FAULTS: Faulting = {
  fieldOf: (place) => (place.startsWith('connector') ? 'connector' : place),
  wordsOf: (lang, name, value) => {
    const says = ITEM_FORM[lang]
    if (value === '') return undefined
    if (name === 'code') return /^[A-Z]{2,8}-\d{2}$/.test(value) ? says.taken : says.codeFault
    return name === 'connector' && !isJson(value) ? says.jsonFault : undefined
  },
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
