import { html } from 'hono/html'
import { type Code, ERRORS, isRetryable } from '../../errors.ts'
import { descriptionList } from '../components/lists.ts'
import { table } from '../components/table.ts'
import { page } from '../page.ts'
import { PROBLEMS } from '../texts/problems.ts'
import type { View } from '../view.ts'
import { type Html, pick } from '../words.ts'

/** One code of the closed table: where `type` of a problem leads. */
export function problemPage(view: View, code: Code): Html {
  const { lang } = view
  const says = PROBLEMS[lang]
  const { status, check, party, title, meaning, hint } = ERRORS[code]
  const facts = descriptionList([
    [says.party, says.parties[party]],
    [says.retry, isRetryable(code) ? says.again : says.noUse],
    [says.code, html`<code>${code}</code>`],
    [says.status, String(status)],
    [says.check, html`<code>${check}</code>`],
  ])
  return page(view, {
    title: pick(lang, title),
    crumbs: [{ href: '/problems', text: says.title }],
    body: html`<h2>${says.means}</h2><p>${pick(lang, meaning)}</p>
<h2>${says.todo}</h2><p class="lead">${pick(lang, hint)}</p>${facts}`,
  })
}

/** All of them. */
export function problemsPage(view: View): Html {
  const { lang } = view
  const says = PROBLEMS[lang]
  const rows = (Object.keys(ERRORS) as Code[]).map((code) => ({ code, ...ERRORS[code] }))
  return page(view, {
    title: says.title,
    body: html`<p>${says.lead}</p>${table(lang, {
      caption: says.title,
      rows,
      columns: [
        {
          head: says.code,
          isHead: true,
          cell: ({ code }) => html`<a href="/problems/${code}"><code>${code}</code></a>`,
        },
        { head: says.says, cell: ({ title }) => pick(lang, title) },
        { head: says.status, isNumber: true, cell: ({ status }) => status },
      ],
    })}`,
  })
}
