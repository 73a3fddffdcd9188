import { html } from 'hono/html'
import type { Service } from '../../registry/service-item.ts'
import { field } from '../components/form.ts'
import { ITEM_FORM } from '../texts/item-form.ts'
import { SERVICES } from '../texts/service-form.ts'
import { type Html, pick } from '../words.ts'
import type { DocumentForm } from './document-form.ts'
import type { Desk } from './enter.ts'
import { fieldName } from './field-names.ts'
import {
  agencyChoices,
  type Filling,
  law,
  limits,
  longForm,
  one,
  pair,
  rowButton,
  section,
  since,
} from './form-fields.ts'
import { rows } from './form-values.ts'
import { documentOf, QUESTIONS, SERVICE_FAULTS, valuesOf } from './service-input.ts'
import { material } from './service-material.ts'

export const serviceDocumentForm: DocumentForm = {
  kind: 'service',
  home: (lang) => ({ href: '/console/services', text: SERVICES[lang].title }),
  lead: (lang) => ITEM_FORM[lang].newLead,
  editTitle: (lang, base) => ITEM_FORM[lang].editTitle(pick(lang, (base as Service).names)),
  valuesOf: (base) => valuesOf(base as Partial<Service>),
  documentOf: (values, base) => documentOf(values, base as Partial<Service>),
  takenBy: ({ registry }, { code = '' }) => (registry.services.has(code) ? '/doc/code' : undefined),
  faulting: SERVICE_FAULTS,
  fields: serviceForm,
}

/** A service and its papers: each paper with what became of it, the five tests, why, and by which law. */
function serviceForm(desk: Desk, filling: Filling): Html {
  const { lang } = desk.view
  const says = SERVICES[lang]
  const { faults } = filling
  return longForm(desk, filling, {
    labelOf: (name) => fieldName(lang, `/${name.replaceAll('.', '/')}`),
    sections: [
      section(says.basics, [...basics(desk, filling), ...since(desk, filling, says.sinceHint)]),
      section(
        says.limits,
        [
          pair(desk, filling, {
            path: 'conditions',
            label: says.fields.conditions,
            isOptional: true,
          }),
          limits(desk, filling),
        ],
        { hint: says.limitsHint },
      ),
      section(says.law, lawRows(desk, filling, 'law'), { id: 'law', error: faults.law }),
      section(says.materials, materials(desk, filling), {
        ...{ hint: says.materialsHint, id: 'materials', error: faults.materials },
      }),
      fitness(desk, filling, 'exclusions'),
      fitness(desk, filling, 'conditions'),
    ],
  })
}

function basics(desk: Desk, filling: Filling): readonly Html[] {
  const { lang } = desk.view
  const says = SERVICES[lang]
  const { values, hasCode } = filling
  const code = values.code ?? ''
  return [
    hasCode
      ? html`<div><input type="hidden" name="code" value="${code}"><code>${code}</code></div>`
      : one(desk, filling, {
          path: 'code',
          label: says.fields.code,
          hint: says.codeHint,
          maxLength: 64,
        }),
    one(desk, filling, {
      ...{ path: 'lead', label: says.fields.lead, kind: 'select' },
      choices: agencyChoices(desk, filling),
    }),
    pair(desk, filling, { path: 'names', label: says.fields.names, kind: 'text', maxLength: 200 }),
    one(desk, filling, {
      ...{ path: 'coLeads', label: says.fields.coLeads, hint: says.coLeadsHint },
      ...{ kind: 'textarea', rows: 2, isOptional: true },
    }),
  ]
}

/** The laws of a list, an empty row, and a button for more. */
function lawRows(desk: Desk, filling: Filling, list: string): readonly Html[] {
  const says = SERVICES[desk.view.lang]
  const paths = rows(filling.values, list)
  const shown = paths.length > 0 ? paths : [`${list}.0`]
  const all = shown.map((path, i) => law(desk, filling, { path, n: i + 1, isOptional: i > 0 }))
  const add = rowButton(filling, { what: `add:${list}`, at: list, text: says.addLaw })
  return [...all, html`<div>${add}</div>`]
}

function materials(desk: Desk, filling: Filling): readonly Html[] {
  const says = SERVICES[desk.view.lang]
  const all = rows(filling.values, 'materials').map((path, i) =>
    material(desk, filling, { path, n: i + 1, laws: lawRows(desk, filling, `${path}.law`) }),
  )
  const add = rowButton(filling, { what: 'add:materials', at: 'materials', text: says.addMaterial })
  return [...all, html`<div>${add}</div>`]
}

/** 四不五同时, one by one: a question that is left open waits in the draft. */
function fitness(desk: Desk, filling: Filling, group: keyof typeof QUESTIONS): Html {
  const { lang } = desk.view
  const says = SERVICES[lang]
  const choices = [
    { value: '', text: says.unanswered },
    { value: 'true', text: says.yes },
    { value: 'false', text: says.no },
  ]
  const asked = Object.entries(QUESTIONS[group]).map(([name, question]) => {
    const path = `fitness.${group}.${name}`
    return field(lang, {
      ...{ name: path, label: pick(lang, question), kind: 'select', choices },
      ...{ value: filling.values[path] ?? '', error: filling.faults[path] },
    })
  })
  return section(says.fitness[group], asked, { hint: says.fitnessHints[group] })
}
