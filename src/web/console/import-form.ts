import { html } from 'hono/html'
import type { SheetPath } from '../../http/admin-import.ts'
import { fileField } from '../components/choices.ts'
import { button, buttons, errorSummary, type Fault, field, linkButton } from '../components/form.ts'
import { descriptionList } from '../components/lists.ts'
import type { Lang } from '../language.ts'
import { page } from '../page.ts'
import { IMPORT } from '../texts/import.ts'
import { all, type Html } from '../words.ts'
import type { Desk } from './enter.ts'

export const IMPORT_PATH = '/console/import'

const KINDS: readonly SheetPath[] = ['items', 'services', 'agreements']

type Begun = { readonly kind: SheetPath | undefined; readonly faults: readonly Fault[] }

/** Step one: what, and from which file; below it where such files come from. */
export function importForm({ view, menu }: Desk, { kind, faults }: Begun): Html {
  const { lang } = view
  const says = IMPORT[lang]
  const choices = KINDS.map((value) => ({ value, text: says.kinds[value] }))
  const errorOf = (name: string) => faults.find((one) => one.name === name)?.text
  return page(view, {
    title: says.title,
    menu,
    current: IMPORT_PATH,
    body: html`${errorSummary(lang, faults)}<p class="lead">${says.lead}</p>
<form class="long" method="post" action="${IMPORT_PATH}" enctype="multipart/form-data">${field(lang, { name: 'kind', label: says.kind, kind: 'select', choices, value: kind, error: errorOf('kind') })}${fileField({ name: 'file', label: says.file, hint: says.fileHint, accept: '.csv,.xlsx', error: errorOf('file') })}${buttons(button(says.look))}</form>
<h2>${says.start}</h2><p>${says.startLead}</p>${descriptionList(KINDS.map((one) => [says.kinds[one], downloads(lang, one)]))}`,
  })
}

/** Beside the lists of what can be brought in. */
export function importLink(lang: Lang, kind: SheetPath): Html {
  return linkButton(`${IMPORT_PATH}?kind=${kind}`, IMPORT[lang].title)
}

/** What there is and empty sheets, as files that can be brought back. */
function downloads(lang: Lang, kind: SheetPath): Html {
  const says = IMPORT[lang]
  const link = (form: 'csv' | 'xlsx', rows: 'all' | 'template') => {
    const name = rows === 'all' ? says.whole : says.empty
    const query = new URLSearchParams({ form, lang, ...(rows === 'all' ? {} : { rows }) })
    return html`<a href="/v1/admin/export/${kind}?${query.toString()}" aria-label="${says.kinds[kind]} · ${name} · ${says.form[form]}">${says.form[form]}</a> `
  }
  const both = (rows: 'all' | 'template') => all([link('xlsx', rows), link('csv', rows)])
  return html`${says.whole} ${both('all')}<br>${says.empty} ${both('template')}`
}
