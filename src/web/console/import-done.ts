import { html } from 'hono/html'
import { ERRORS } from '../../errors.ts'
import type { Proposed } from '../../proposal/import-apply.ts'
import { buttons, linkButton } from '../components/form.ts'
import { notice, type Tone, tag } from '../components/state.ts'
import { type Column, table } from '../components/table.ts'
import { page } from '../page.ts'
import { IMPORT } from '../texts/import.ts'
import { type Html, pick } from '../words.ts'
import type { Desk } from './enter.ts'
import { IMPORT_PATH } from './import-form.ts'

const TONES: Readonly<Record<Proposed['outcome'], Tone>> = {
  submitted: 'good',
  draft: 'info',
  'under-way': 'warn',
  failed: 'bad',
  later: 'quiet',
}

/** What was proposed, each leading to its change, and what happens next. */
export function importedPage({ view, menu }: Desk, proposed: readonly Proposed[]): Html {
  const { lang } = view
  const says = IMPORT[lang]
  const n = proposed.filter((one) => 'proposal' in one).length
  const columns: readonly Column<Proposed>[] = [
    {
      head: says.key,
      isHead: true,
      cell: (one) =>
        'proposal' in one
          ? html`<a href="/console/proposals/${one.proposal}"><code>${one.key}</code></a>`
          : html`<code>${one.key}</code>`,
    },
    {
      head: says.outcome,
      cell: (one) =>
        html`${tag(TONES[one.outcome], says.outcomes[one.outcome])}${one.outcome === 'failed' ? html` ${pick(lang, ERRORS[one.code].title)} ${pick(lang, ERRORS[one.code].hint)}` : ''}`,
    },
  ]
  return page(view, {
    title: says.doneTitle,
    crumbs: [{ href: IMPORT_PATH, text: says.title }],
    menu,
    current: IMPORT_PATH,
    body: html`${notice(n > 0 ? 'good' : 'warn', html`<h2>${says.done(n)}</h2>${n > 0 ? html`<p>${says.doneNext}</p>` : ''}`)}
${table(lang, { columns, rows: proposed, caption: says.outcome })}
${buttons(linkButton('/console/proposals', says.toProposals, 'primary'), linkButton(IMPORT_PATH, says.another))}`,
  })
}
