import type { Item } from '../../registry/documents.ts'
import { flat, MISSING, readerOf, rows, type Values } from './form-values.ts'

/** What a form begins with: the document's own values, by path; placeholders are shown as what they are, nothing. */
export function valuesOf(doc: Partial<Item>): Values {
  const { connector, ...rest } = doc
  const values = Object.fromEntries(flat(rest))
  return connector ? { ...values, connector: JSON.stringify(connector, null, 2) } : values
}

/**
 * The document that a form means. What was left empty and may wait stands as missing; everything else is as it
 * was written, for the schema to judge.
 *
 * @param base what the form does not show: where the item was taken over from.
 */
export function documentOf(values: Values, base: Partial<Item>): unknown {
  const { at, text, later, maybe, limit, laws } = readerOf(values)
  const note = maybe('timeLimit.note')
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
      ...(note ? { note } : {}),
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
    law: laws('law'),
    connector: connectorOf(at('connector')),
  }
}

function fieldsOf<T>(of: (path: string) => T, names: readonly string[]) {
  return Object.fromEntries(names.map((name) => [name, of(name)]))
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
