import { html } from 'hono/html'
import type { Application } from '../../proposal/kinds/agreement-document.ts'
import { currentVersion } from '../../registry/order.ts'
import { ticks } from '../components/choices.ts'
import type { Choice } from '../components/form.ts'
import { itemLink } from '../terms.ts'
import { AGREEMENTS } from '../texts/agreements.ts'
import { type Content, type Html, pick } from '../words.ts'
import {
  AGREEMENT_FAULTS,
  AUTHORIZATIONS,
  claimsOf,
  documentOf,
  valuesOf,
  WAYS,
} from './agreement-input.ts'
import type { DocumentForm } from './document-form.ts'
import type { Desk } from './enter.ts'
import {
  agencyChoices,
  type Filling,
  law,
  longForm,
  one,
  rowButton,
  section,
} from './form-fields.ts'
import { rows, TICKED } from './form-values.ts'

/** In a city with more services nobody looks through a list of them: the code is written. */
const CHOICES_MAX = 200

/** An application, and its amendment while it is to be corrected. */
export const agreementDocumentForm: DocumentForm = {
  kind: 'agreement',
  home: (lang) => ({ href: '/console/agreements', text: AGREEMENTS[lang].title }),
  lead: (lang) => AGREEMENTS[lang].formLead,
  editTitle: (lang, base) => AGREEMENTS[lang].editTitle((base as Application).agreement.id),
  valuesOf: (base) => valuesOf(base as Partial<Application>),
  documentOf: (values, base) => documentOf(values, base as Partial<Application>),
  faulting: AGREEMENT_FAULTS,
  fields: agreementForm,
}

function agreementForm(desk: Desk, filling: Filling): Html {
  const says = AGREEMENTS[desk.view.lang]
  const { faults } = filling
  return longForm(desk, filling, {
    labelOf: (name) => labelOf(desk, name),
    last: says.stillMissing,
    sections: [
      section(says.what, basics(desk, filling)),
      section(says.why, words(desk, filling), { hint: says.whyHint }),
      section(says.purposes, purposes(desk, filling), {
        ...{ hint: says.purposesHint, id: 'purposes', error: faults.purposes },
      }),
      section(says.claims, claims(desk, filling), {
        ...{ hint: says.claimsHint, id: 'claims', error: faults.claims },
      }),
      section(says.bounds, bounds(desk, filling)),
      section(says.law, laws(desk, filling), { id: 'law', error: faults.law }),
    ],
  })
}

function basics(desk: Desk, filling: Filling): readonly Html[] {
  const { view, registry } = desk
  const { lang } = view
  const says = AGREEMENTS[lang]
  const { values, hasCode } = filling
  const code = values.item ?? ''
  const item = currentVersion(registry.items.get(code) ?? [])
  const fixed = (name: string, shown: Content) =>
    html`<div><strong>${says.fields[name as 'item']}</strong><br>${shown}<input type="hidden" name="${name}" value="${values[name] ?? ''}"></div>`
  return [
    fixed('item', html`${itemLink(lang, code, item?.names)} <code>${code}</code>`),
    hasCode
      ? fixed('id', html`<code>${values.id ?? ''}</code>`)
      : one(desk, filling, {
          ...{ path: 'id', label: says.fields.id, hint: says.idHint, maxLength: 64 },
        }),
    one(desk, filling, {
      ...{ path: 'requester', label: says.fields.requester, kind: 'select' },
      choices: agencyChoices(desk, filling),
    }),
  ]
}

/** 使用依据、使用场景、使用范围: what the applicant answers for (条例 art. 20). */
function words(desk: Desk, filling: Filling): readonly Html[] {
  const says = AGREEMENTS[desk.view.lang]
  return (['basis', 'scenario', 'scope'] as const).map((name) =>
    one(desk, filling, {
      ...{ path: `application.${name}`, label: says.words[name], hint: says.wordHints[name] },
      ...{ kind: 'textarea', rows: 3 },
    }),
  )
}

function purposes(desk: Desk, filling: Filling): readonly Html[] {
  const { lang } = desk.view
  const says = AGREEMENTS[lang]
  const paths = rows(filling.values, 'purposes')
  const choices = serviceChoices(desk)
  const all = paths.map((path, i) => {
    const value = filling.values[`${path}.service`] ?? ''
    const known = choices.some((choice) => choice.value === value)
    const named = { path: `${path}.service`, label: says.service(i + 1) }
    const service = one(
      desk,
      filling,
      choices.length > CHOICES_MAX
        ? { ...named, hint: says.serviceHint, maxLength: 64 }
        : {
            ...named,
            kind: 'select',
            choices: known ? choices : [...choices, { value, text: value }],
          },
    )
    const codes = (['basis', 'scenario'] as const).map((name) =>
      one(desk, filling, {
        ...{ path: `${path}.${name}`, label: says.codes[name](i + 1), maxLength: 64 },
      }),
    )
    const remove = rowButton(filling, {
      ...{ what: `remove:${path}`, at: 'purposes', text: says.remove },
      label: says.removeOf(says.service(i + 1)),
    })
    return html`<div class="row"><div class="filters">${service}${codes}</div>${paths.length > 1 ? html`<div>${remove}</div>` : ''}</div>`
  })
  const add = rowButton(filling, { what: 'add:purposes', at: 'purposes', text: says.addPurpose })
  return [...all, html`<div>${add}</div>`]
}

/** Those that its agencies handle first. */
function serviceChoices({ view, registry, actor }: Desk): readonly Choice[] {
  const { lang } = view
  const own = actor.roles.map(({ agency }) => agency)
  const services = [...registry.services.values()]
  const isOwn = ({ lead, coLeads = [] }: (typeof services)[number]) =>
    [lead, ...coLeads].some((uscc) => own.includes(uscc))
  const sorted = [...services.filter(isOwn), ...services.filter((each) => !isOwn(each))]
  return [
    { value: '', text: AGREEMENTS[lang].choose },
    ...sorted.map(({ code, names }) => ({ value: code, text: `${code} ${pick(lang, names)}` })),
  ]
}

/** What may be asked, each in the ways that its contract allows. */
function claims(desk: Desk, filling: Filling): readonly Html[] {
  const { view, registry } = desk
  const { lang } = view
  const says = AGREEMENTS[lang]
  const { values } = filling
  const all = claimsOf(registry, values.item ?? '')
  if (all.length === 0) return [html`<p>${says.noClaims}</p>`]
  return all.map(({ name, title, read, predicates, sensitivity }) => {
    const may = { read, predicate: predicates.size > 0 }
    return ticks({
      id: `claims.${name}`,
      label: `${pick(lang, title)} ${name}`,
      ...(sensitivity === 'sensitive' ? { hint: says.sensitive } : {}),
      value: TICKED,
      boxes: WAYS.filter((way) => may[way]).map((way) => {
        const box = `claims.${name}.${way}`
        return { name: box, text: says.ways[way], isTicked: values[box] === TICKED }
      }),
    })
  })
}

function bounds(desk: Desk, filling: Filling): readonly Html[] {
  const says = AGREEMENTS[desk.view.lang]
  const { values, faults } = filling
  const given = (path: string, kind: 'date' | 'number') =>
    one(desk, filling, { path, label: says.fields[path as 'validTo'], kind })
  return [
    ticks({
      ...{ id: 'authorization', label: says.fields.authorization, error: faults.authorization },
      value: TICKED,
      boxes: AUTHORIZATIONS.map((kind) => {
        const name = `authorization.${kind}`
        return { name, text: says.authorizations[kind], isTicked: values[name] === TICKED }
      }),
    }),
    one(desk, filling, {
      ...{ path: 'regions', label: says.fields.regions, hint: says.regionsHint },
      ...{ kind: 'textarea', rows: 2 },
    }),
    html`<div class="filters">${given('validFrom', 'date')}${given('validTo', 'date')}${given('dailyQuota', 'number')}</div>`,
  ]
}

function laws(desk: Desk, filling: Filling): readonly Html[] {
  const says = AGREEMENTS[desk.view.lang]
  const all = rows(filling.values, 'law').map((path, i) =>
    law(desk, filling, { path, n: i + 1, isOptional: true }),
  )
  const add = rowButton(filling, { what: 'add:law', at: 'law', text: says.addLaw })
  return [...all, html`<div>${add}</div>`]
}

function labelOf({ view }: Desk, name: string): string {
  const says = AGREEMENTS[view.lang]
  const [first = '', second = '', third = ''] = name.split('.')
  if (first === 'application') return says.words[second as 'basis'] ?? name
  if (first === 'purposes') {
    if (second === '') return says.purposes
    const n = Number(second) + 1
    return third === 'basis' || third === 'scenario' ? says.codes[third](n) : says.service(n)
  }
  if (first === 'claims') return says.claims
  if (first === 'law') return second === '' ? says.law : `${says.law} ${Number(second) + 1}`
  return Object.hasOwn(says.fields, first) ? says.fields[first as 'id'] : name
}
