import type { Bilingual } from '../../errors.ts'
import { joinParts, linesOf, splitParts } from './cell.ts'

export type Language = 'zh' | 'en'

/** A cell as it was read: a value of the document, or what is wrong with it. */
export type Read = { readonly value: unknown } | { readonly wrong: Bilingual }

/** How a value of a document is written into a cell, and read back. */
export type Codec = {
  readonly write: (value: unknown, language: Language) => string
  /** Of a cell that is not empty. */
  readonly read: (cell: string) => Read
  /** What an empty cell stands for; undefined where the member is then left out. */
  readonly empty?: unknown
}

export const words: Codec = {
  write: (value) => (typeof value === 'string' ? value : ''),
  read: (cell) => ({ value: cell }),
}

/** A code, a date: what never has blanks around it. */
export const token: Codec = {
  write: words.write,
  read: (cell) => ({ value: cell.normalize('NFKC').trim() }),
}

/** A code, or null where the cell is empty. */
export const tokenOrNull: Codec = { ...token, empty: null }

export const whole: Codec = {
  write: (value) => (typeof value === 'number' ? String(value) : ''),
  read: (cell) => {
    const text = cell.normalize('NFKC').trim()
    return /^\d{1,15}$/.test(text)
      ? { value: Number(text) }
      : { wrong: { zh: '应为整数', en: 'It must be a whole number' } }
  },
}

const YES = { zh: '是', en: 'yes' }
const NO = { zh: '否', en: 'no' }

export const yesNo: Codec = {
  write: (value, language) => (typeof value === 'boolean' ? (value ? YES : NO)[language] : ''),
  read: (cell) => {
    const text = cell.normalize('NFKC').trim().toLowerCase()
    if (['是', 'yes', 'true', '1', '√', '✓'].includes(text)) return { value: true }
    if (['否', 'no', 'false', '0', '×', '✗'].includes(text)) return { value: false }
    return { wrong: { zh: '应为“是”或“否”', en: 'It must be yes or no' } }
  },
}

/** One of a few values, written in words; the value itself is taken too. */
export function choice(values: Readonly<Record<string, Bilingual>>): Codec {
  const all = Object.entries(values)
  const spelled = (form: string) => form.normalize('NFKC').trim().toLowerCase()
  const byForm = new Map(
    all.flatMap(([value, { zh, en }]) =>
      [value, zh, en].map((form): [string, string] => [spelled(form), value]),
    ),
  )
  return {
    write: (value, language) =>
      typeof value === 'string' && Object.hasOwn(values, value)
        ? (values[value] as Bilingual)[language]
        : '',
    read: (cell) => {
      const found = byForm.get(spelled(cell))
      if (found !== undefined) return { value: found }
      return {
        wrong: {
          zh: `只能是：${all.map(([, { zh }]) => zh).join('、')}`,
          en: `It must be one of: ${all.map(([, { en }]) => en).join(', ')}`,
        },
      }
    },
  }
}

/** Codes, one a line; commas and blanks between them are taken too. */
export function codes(empty?: readonly string[]): Codec {
  return {
    write: (value) => (Array.isArray(value) ? value.join('\n') : ''),
    read: (cell) => ({
      value: cell
        .normalize('NFKC')
        .split(/[\s,;、]+/u)
        .filter((one) => one !== ''),
    }),
    ...(empty === undefined ? {} : { empty }),
  }
}

/** How one element of a list is written into one line. */
type Line = {
  readonly parts: (element: never) => readonly string[]
  readonly element: (parts: readonly string[]) => unknown
  /** Said where a line has too few or too many parts. */
  readonly form: Bilingual
  readonly counts: readonly number[]
}

/** A list of things with a few parts each, one a line. */
export function lines({ parts, element, form, counts }: Line, empty?: readonly unknown[]): Codec {
  return {
    write: (value) =>
      Array.isArray(value) ? value.map((one) => joinParts(parts(one as never))).join('\n') : '',
    read: (cell) => {
      const split = linesOf(cell).map(splitParts)
      return split.every((all) => counts.includes(all.length))
        ? { value: split.map(element) }
        : { wrong: { zh: `每行应为：${form.zh}`, en: `Each line has to be: ${form.en}` } }
    },
    ...(empty === undefined ? {} : { empty }),
  }
}
