import { html } from 'hono/html'
import { FORMS } from '../registry/sheet/write-file.ts'
import { hrefWith, type View } from './view.ts'
import { type Html, messages } from './words.ts'

const SAYS = messages(
  { lead: '导出：', forms: { csv: 'CSV', xlsx: 'XLSX', json: 'JSON' } },
  { lead: 'Export: ', forms: { csv: 'CSV', xlsx: 'XLSX', json: 'JSON' } },
)

/**
 * What is listed as files.
 *
 * @param filters names of the page's parameters that narrow the list, and so the file
 */
export function exportLinks(
  { lang, query }: Pick<View, 'lang' | 'query'>,
  path: string,
  filters: readonly string[],
): Html {
  const says = SAYS[lang]
  const kept = new URLSearchParams([...query].filter(([name]) => filters.includes(name)))
  return html`<p class="screen">${says.lead}${FORMS.map(
    (form) =>
      html`<a href="${hrefWith({ path, query: kept }, { form, lang })}" aria-label="${says.lead}${says.forms[form]}" download>${says.forms[form]}</a> `,
  )}</p>`
}
