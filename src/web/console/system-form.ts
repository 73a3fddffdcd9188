import { html } from 'hono/html'
import type { Offered } from '../../registry/offered-keys.ts'
import { checkboxes, fileField, hidden } from '../components/choices.ts'
import { button, buttons, errorSummary, field, linkButton } from '../components/form.ts'
import { descriptionList } from '../components/lists.ts'
import { notice } from '../components/state.ts'
import type { Lang } from '../language.ts'
import { page } from '../page.ts'
import { SYSTEMS } from '../texts/systems.ts'
import { type Html, pick } from '../words.ts'
import { administered, type Desk } from './enter.ts'
import { keyPrints } from './system-keys.ts'

/** What was typed, by field; and what is wrong with it. */
export type Filled = {
  readonly values: Readonly<Record<string, string>>
  readonly faults: Readonly<Record<string, string>>
}

type Where = { readonly title: string; readonly action: string }

/** Step one of joining: the system and its key. */
export function systemForm(desk: Desk, { values, faults }: Filled, where: Where): Html {
  const { view, registry } = desk
  const { lang } = view
  const { form, names } = SYSTEMS[lang]
  const own = administered(desk).map((uscc) => {
    const agency = registry.agencies.get(uscc)
    return { value: uscc, text: agency ? pick(lang, agency.names) : uscc }
  })
  const roles = [
    { value: 'caller', text: form.roleChoices.caller },
    { value: 'provider', text: form.roleChoices.provider },
    { value: 'caller provider', text: form.roleChoices.both },
  ]
  const one = (name: string, more: object) =>
    field(lang, { name, label: '', value: values[name], error: faults[name], ...more })
  return framed(
    desk,
    { ...where, faults },
    html`
${one('agency', { label: form.agency, kind: 'select', choices: own })}
${one('id', { label: form.id, hint: form.idHint, maxLength: 64 })}
${one('nameZh', { label: names.zh, maxLength: 200 })}${one('nameEn', { label: names.en, maxLength: 200 })}
${one('actsFor', { label: form.actsFor, hint: form.actsForHint, kind: 'textarea', rows: 3 })}
${one('roles', { label: form.roles, kind: 'select', choices: roles })}
${one('endpoint', { label: form.endpoint, hint: form.endpointHint, kind: 'url', isOptional: true })}
${one('perSecond', { label: form.perSecond, kind: 'number' })}${one('burst', { label: form.burst, kind: 'number' })}
${one('items', { label: form.items, hint: form.itemsHint, kind: 'textarea', rows: 2, isOptional: true })}
${keyFields(desk, { values, faults })}`,
  )
}

/** One more key of a system that is there. */
export function keyForm(desk: Desk, filled: Filled, where: Where): Html {
  return framed(desk, { ...where, faults: filled.faults }, keyFields(desk, filled))
}

function keyFields({ view: { lang } }: Desk, { values, faults }: Filled): Html {
  const { form } = SYSTEMS[lang]
  return html`${field(lang, {
    ...{ name: 'key', label: form.key, hint: form.keyHint, kind: 'textarea', rows: 6 },
    ...{ value: values.key, error: faults.key, isOptional: true },
  })}${fileField({ name: 'file', label: form.file })}${field(lang, {
    ...{ name: 'address', label: form.address, hint: form.addressHint, kind: 'url' },
    ...{ value: values.address, error: faults.address, isOptional: true },
  })}`
}

function framed(
  { view, menu }: Desk,
  { title, action, faults }: Where & Pick<Filled, 'faults'>,
  fields: Html,
): Html {
  const { lang } = view
  const says = SYSTEMS[lang]
  const wrong = Object.entries(faults).map(([name, text]) => ({ name, text }))
  return page(view, {
    title,
    crumbs: [{ href: '/console/systems', text: says.title }],
    menu,
    current: '/console/systems',
    body: html`${errorSummary(lang, wrong)}<p class="lead">${says.newLead}</p>
<form class="long" method="post" action="${action}" enctype="multipart/form-data">${fields}${buttons(button(says.check), linkButton('/console/systems', says.back, 'tertiary'))}</form>`,
  })
}

type Confirmed = Pick<Filled, 'values'> & {
  readonly keys: readonly Offered[]
  readonly action: string
  /** Of a set: how many may be chosen. */
  readonly most: number
  /** What is wrong with the choice. */
  readonly fault?: string
}

/** Step two: what will be sent, with the fingerprints that two people read to each other. */
export function confirmPage(
  { view, menu }: Desk,
  { values, keys, action, most, fault }: Confirmed,
): Html {
  const { lang } = view
  const says = SYSTEMS[lang]
  const rest = { ...values, key: JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }), address: '' }
  const wrong = fault ? [{ name: CHOSEN, text: fault }] : []
  return page(view, {
    title: says.confirmTitle,
    crumbs: [{ href: '/console/systems', text: says.title }],
    menu,
    current: '/console/systems',
    body: html`${errorSummary(lang, wrong)}${notice('info', html`<p>${says.confirmLead}</p>`)}
${
  values.id
    ? descriptionList([
        [says.facts.id, html`<code>${values.id}</code>`],
        [says.names.zh, values.nameZh ?? ''],
      ])
    : ''
}
<form method="post" action="${action}">${hidden(rest)}${keys.length > 1 ? choice({ lang, keys, most, fault }) : keyPrints(lang, keys)}${buttons(
      button(says.send, { name: 'step', value: 'send' }),
      button(says.back, { look: 'secondary', name: 'step', value: 'back' }),
    )}</form>`,
  })
}

const CHOSEN = 'chosen'

/** Which keys of a set: each by its fingerprint, none ticked beforehand. */
function choice({
  lang,
  keys,
  most,
  fault,
}: Pick<Confirmed, 'keys' | 'most'> & { lang: Lang; fault: string | undefined }): Html {
  const says = SYSTEMS[lang]
  return checkboxes({
    ...{ name: CHOSEN, label: says.choose, hint: says.chooseHint(most), error: fault },
    choices: keys.map(({ jwk, thumbprint }) => ({
      value: thumbprint,
      text: `${thumbprint} (${jwk.alg}, ${jwk.kid})`,
    })),
    chosen: [],
  })
}
