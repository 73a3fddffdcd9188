import type { Pledge } from '../../registry/pledge.ts'
import { SERVICES } from '../texts/service-form.ts'
import type { Html } from '../words.ts'
import type { DocumentForm } from './document-form.ts'
import type { Desk } from './enter.ts'
import { fieldName } from './field-names.ts'
import { agencyChoices, type Filling, longForm, one, pair, section } from './form-fields.ts'
import { flat, readerOf, type Values } from './form-values.ts'

/** 零报告承诺: one form at the agency. */
export const pledgeDocumentForm: DocumentForm = {
  kind: 'pledge',
  home: (lang) => ({ href: '/console/services', text: SERVICES[lang].title }),
  lead: (lang) => SERVICES[lang].pledgeLead,
  editTitle: (lang, base) => SERVICES[lang].pledgeEdit((base as Pledge).agency),
  valuesOf: (base) => Object.fromEntries(flat(base)),
  documentOf,
  faulting: {
    wordsOf: (lang, name, value) => (name === 'to' && value ? SERVICES[lang].toFault : undefined),
  },
  fields: pledgeForm,
}

function documentOf(values: Values): unknown {
  const { at, later } = readerOf(values)
  return {
    agency: at('agency'),
    text: later('text'),
    ...{ from: at('from'), to: at('to') },
    signedBy: { name: at('signedBy.name'), position: later('signedBy.position') },
    signedOn: at('signedOn'),
  }
}

function pledgeForm(desk: Desk, filling: Filling): Html {
  const says = SERVICES[desk.view.lang]
  const { pledge: words, pledgeSections: titles } = says
  const day = (path: 'from' | 'to' | 'signedOn') =>
    one(desk, filling, { path, label: words[path], kind: 'date' })
  return longForm(desk, filling, {
    labelOf: (name) => fieldName(desk.view.lang, `/${name.replaceAll('.', '/')}`),
    sections: [
      section(titles.what, [
        one(desk, filling, {
          ...{ path: 'agency', label: words.agency, kind: 'select' },
          choices: agencyChoices(desk, filling),
        }),
        pair(desk, filling, { path: 'text', label: words.text }),
        day('from'),
        day('to'),
      ]),
      section(titles.who, [
        one(desk, filling, { path: 'signedBy.name', label: words.name, maxLength: 64 }),
        pair(desk, filling, {
          ...{ path: 'signedBy.position', label: words.position, kind: 'text', maxLength: 200 },
        }),
        day('signedOn'),
      ]),
    ],
  })
}
