import type { Item } from '../../registry/documents.ts'

/** A form's fields by name; a name is a path in the document, `timeLimit.promised.n`. */
export type Values = Readonly<Record<string, string>>

/** Kept in a draft where nothing was written yet; the checks know it for nothing, so it is never submitted. */
const MISSING = { zh: '待补充', en: 'TBD' } as const

/** What a form begins with: the document's own values, by path; placeholders are shown as what they are, nothing. */
export function valuesOf(doc: Partial<Item>): Values {
  const { connector, ...rest } = doc
  const values = Object.fromEntries(flat(rest, ''))
  return connector ? { ...values, connector: JSON.stringify(connector, null, 2) } : values
}

function flat(value: unknown, path: string): [string, string][] {
  if (value === null || value === undefined) return []
  if (typeof value !== 'object') {
    const text = String(value)
    return text === MISSING.zh || text === MISSING.en ? [] : [[path, text]]
  }
  return Object.entries(value).flatMap(([name, one]) =>
    flat(one, path === '' ? name : `${path}.${name}`),
  )
}

/**
 * The document that a form means. What was left empty and may wait stands as missing; everything else is as it
 * was written, for the schema to judge.
 *
 * @param base what the form does not show: where the item was taken over from.
 */
export function documentOf(values: Values, base: Partial<Item>): unknown {
  const at = (path: string) => (values[path] ?? '').trim()
  const text = (path: string) => ({ zh: at(`${path}.zh`), en: at(`${path}.en`) })
  const later = (path: string) => ({
    zh: at(`${path}.zh`) || MISSING.zh,
    en: at(`${path}.en`) || MISSING.en,
  })
  const limit = (path: string) => ({
    n: at(`${path}.n`) === '' ? undefined : Number(at(`${path}.n`)),
    unit: at(`${path}.unit`),
    from: at(`${path}.from`),
    basis: at(`${path}.basis`) || MISSING.zh,
  })
  const note = text('timeLimit.note')
  const statute = at('sharing.statute')
  return {
    code: at('code'),
    version: 1,
    ...(base.adopts ? { adopts: base.adopts } : {}),
    names: text('names'),
    kind: at('kind'),
    provider: at('provider'),
    state: 'draft',
    contract: at('contract') || null,
    sharing: {
      ...{ class: at('sharing.class'), scope: later('sharing.scope'), use: later('sharing.use') },
      ...(statute ? { statute } : {}),
    },
    ...fieldsOf(later, ['conditions', 'content', 'procedure', 'mode', 'responsibility', 'fee']),
    timeLimit: {
      statutory: limit('timeLimit.statutory'),
      promised: limit('timeLimit.promised'),
      ...(note.zh || note.en ? { note } : {}),
    },
    data: {
      ...{ items: later('data.items'), format: later('data.format') },
      updateFrequency: at('data.updateFrequency') || MISSING.zh,
      ...{ sharingMode: later('data.sharingMode'), useConditions: later('data.useConditions') },
      classification: later('data.classification'),
      impactAssessment: later('data.impactAssessment'),
    },
    replaces: rows(values, 'replaces')
      .map(text)
      .filter(({ zh, en }) => zh || en),
    law: rows(values, 'law')
      .map((path) => lawOf(at, path))
      .filter(({ title }) => title),
    connector: connectorOf(at('connector')),
  }
}

function fieldsOf<T>(of: (path: string) => T, names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, of(name)]))
}

/** Whether somebody read the text stays as it was said; of a law that is new here nobody has. */
function lawOf(at: (path: string) => string, path: string) {
  const article = at(`${path}.article`)
  const mark = at(`${path}.mark`) || 'unverified'
  return { title: at(`${path}.title`), ...(article ? { article } : {}), mark }
}

/** @returns the text itself where it is no JSON: the schema then says that it does not fit. */
function connectorOf(text: string): unknown {
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const ROWS_MAX = 50

/** `law.0`, `law.1`, …: the rows of a list that a form has, in order. */
export function rows(values: Values, list: string): readonly string[] {
  const numbers = Object.keys(values)
    .filter((name) => name.startsWith(`${list}.`))
    .map((name) => Number(name.split('.')[1]))
    .filter((n) => Number.isInteger(n) && n >= 0 && n < ROWS_MAX)
  const last = Math.max(-1, ...numbers)
  return Array.from({ length: last + 1 }, (_, i) => `${list}.${i}`)
}
