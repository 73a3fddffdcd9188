import type { Context } from 'hono'
import { Refusal } from '../../errors.ts'

/** A form's fields by name; a name is a path in the document, `timeLimit.promised.n`. */
export type Values = Readonly<Record<string, string>>

/** Kept in a draft where nothing was written yet; the checks know it for nothing, so it is never submitted. */
export const MISSING = { zh: '待补充', en: 'TBD' } as const

/** What stands in a box that is ticked. */
export const TICKED = 'yes'

/** A hundred materials of one service, each with everything that can be said of it. */
const FIELDS_MAX = 4000
const ROWS_MAX = 100

/** The texts of a form as they were sent. @throws Refusal `too-large`: half of a form is never kept. */
export async function valuesIn(c: Context): Promise<Values> {
  const sent = Object.entries(await c.req.parseBody())
  if (sent.length > FIELDS_MAX) throw new Refusal('too-large')
  return Object.fromEntries(
    sent.filter((one): one is [string, string] => typeof one[1] === 'string'),
  )
}

/** A document's values by path; placeholders are shown as what they are, nothing. */
export function flat(value: unknown, path = ''): [string, string][] {
  if (value === null || value === undefined) return []
  if (typeof value !== 'object') {
    const text = String(value)
    return text === MISSING.zh || text === MISSING.en ? [] : [[path, text]]
  }
  return Object.entries(value).flatMap(([name, one]) =>
    flat(one, path === '' ? name : `${path}.${name}`),
  )
}

/** What forms are read by: a field's text, or a text in both languages. */
export function readerOf(values: Values) {
  const at = (path: string) => (values[path] ?? '').trim()
  const text = (path: string) => ({ zh: at(`${path}.zh`), en: at(`${path}.en`) })
  /** What may wait until the draft is submitted. */
  const later = (path: string) => ({
    zh: at(`${path}.zh`) || MISSING.zh,
    en: at(`${path}.en`) || MISSING.en,
  })
  const maybe = (path: string) => {
    const { zh, en } = text(path)
    return zh || en ? { zh, en } : undefined
  }
  const number = (path: string) => (at(path) === '' ? undefined : Number(at(path)))
  const limit = (path: string) => ({
    n: number(`${path}.n`),
    unit: at(`${path}.unit`),
    from: at(`${path}.from`),
    basis: at(`${path}.basis`) || MISSING.zh,
  })
  /** Whether somebody read a law stays as it was said; of one that is new here nobody has. */
  const laws = (path: string) =>
    rows(values, path)
      .map((row) => {
        const article = at(`${row}.article`)
        const mark = at(`${row}.mark`) || 'unverified'
        return { title: at(`${row}.title`), ...(article ? { article } : {}), mark }
      })
      .filter(({ title }) => title)
  return { at, text, later, maybe, number, limit, laws }
}

/** Codes as people write several into one field, each once. */
export function codesIn(text = ''): string[] {
  return [...new Set(text.split(/[\s,，、]+/).filter((one) => one !== ''))]
}

/** `law.0`, `law.1`, …: the rows of a list that a form has, in order. */
export function rows(values: Values, list: string): readonly string[] {
  const last = Math.max(-1, ...Object.keys(values).flatMap((name) => rowOf(name, list) ?? []))
  return Array.from({ length: last + 1 }, (_, i) => `${list}.${i}`)
}

/** Of which row of a list a field is; undefined for a field of anything else. */
function rowOf(name: string, list: string): number | undefined {
  if (!name.startsWith(`${list}.`)) return undefined
  const [token = ''] = name.slice(list.length + 1).split('.', 1)
  return /^\d{1,3}$/.test(token) && Number(token) < ROWS_MAX ? Number(token) : undefined
}

/** The button that adds a row to a list, or takes one away, and what it leaves of the form. */
export const DO = 'do'

/**
 * The form after one of its row buttons: `add:law` appends an empty row, `remove:law.1` takes the second away
 * and the others move up. Undefined where none was pressed.
 */
export function afterRowButton({ [DO]: pressed, ...values }: Values): Values | undefined {
  const [, verb, path = ''] = /^(add|remove):([A-Za-z0-9.]{1,64})$/.exec(pressed ?? '') ?? []
  if (verb === undefined) return undefined
  if (verb === 'add') {
    const n = rows(values, path).length
    return n < ROWS_MAX ? { ...values, [`${path}.${n}`]: '' } : values
  }
  const cut = path.lastIndexOf('.')
  return without(values, path.slice(0, cut), Number(path.slice(cut + 1)))
}

function without(values: Values, list: string, gone: number): Values {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]): [string, string][] => {
      const n = rowOf(name, list)
      if (n === undefined || n < gone) return [[name, value]]
      if (n === gone) return []
      const rest = name.slice(`${list}.${n}`.length)
      return [[`${list}.${n - 1}${rest}`, value]]
    }),
  )
}
