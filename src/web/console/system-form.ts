import { html } from 'hono/html'
import type { Offered } from '../../registry/offered-keys.ts'
import { fileField, hidden } from '../components/choices.ts'
import { button, buttons, errorSummary, field, linkButton } from '../components/form.ts'
import { descriptionList } from '../components/lists.ts'
import { notice } from '../components/state.ts'
import { page } from '../page.ts'
import { SYSTEMS } from '../texts/systems.ts'
import { type Html, pick } from '../words.ts'
import type { Desk } from './enter.ts'
import { administered } from './system-words.ts'

/** What was typed, by field; and what is wrong with it. */
export type Filled = {
  readonly values: Readonly<Record<string, string>>
  readonly faults: Readonly<Record<string, string>>
}

type Where = {
  readonly title: string
  readonly action: string
  /** Whether the gateway can fetch a key set here. */
  readonly fetches: boolean
}

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
${keyFields(desk, { values, faults }, where)}`,
  )
}

/** One more key of a system that is there. */
export function keyForm(desk: Desk, filled: Filled, where: Where): Html {
  return framed(desk, { ...where, faults: filled.faults }, keyFields(desk, filled, where))
}

function keyFields({ view: { lang } }: Desk, { values, faults }: Filled, { fetches }: Where): Html {
  const { form } = SYSTEMS[lang]
  const address = fetches
    ? field(lang, {
        ...{ name: 'address', label: form.address, hint: form.addressHint, kind: 'url' },
        ...{ value: values.address, error: faults.address, isOptional: true },
      })
    : ''
  return html`${field(lang, {
    ...{ name: 'key', label: form.key, hint: form.keyHint, kind: 'textarea', rows: 6 },
    ...{ value: values.key, error: faults.key, isOptional: true },
  })}${fileField({ name: 'file', label: form.file })}${address}`
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

/** Step two: what will be sent, with the fingerprints that two people read to each other. */
export function confirmPage(
  { view, menu }: Desk,
  { values, keys, action }: Pick<Filled, 'values'> & { keys: readonly Offered[]; action: string },
): Html {
  const { lang } = view
  const says = SYSTEMS[lang]
  const shown = keys.map(
    ({ jwk, thumbprint }) =>
      [
        html`${jwk.alg} <code class="small">${jwk.kid}</code>`,
        html`<code>${thumbprint}</code>`,
      ] as const,
  )
  const rest = { ...values, key: JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }), address: '' }
  return page(view, {
    title: says.confirmTitle,
    crumbs: [{ href: '/console/systems', text: says.title }],
    menu,
    current: '/console/systems',
    body: html`${notice('info', html`<p>${says.confirmLead}</p>`)}
${
  values.id
    ? descriptionList([
        [says.facts.id, html`<code>${values.id}</code>`],
        [says.names.zh, values.nameZh ?? ''],
      ])
    : ''
}
<h2>${says.keyColumns.print}</h2><dl class="facts">${shown.map(([kid, print]) => html`<div><dt>${kid}</dt><dd>${print}</dd></div>`)}</dl>
<form method="post" action="${action}">${hidden(rest)}${buttons(
      button(says.send, { name: 'step', value: 'send' }),
      button(says.back, { look: 'secondary', name: 'step', value: 'back' }),
    )}</form>`,
  })
}
