import { html } from 'hono/html'
import type { Lang } from '../language.ts'
import { type Html, messages } from '../words.ts'
import { table } from './table.ts'

export type Bars = {
  readonly title: string
  /** Names of the parts that a bar is made of, at most four. */
  readonly parts: readonly string[]
  readonly rows: readonly { readonly label: string; readonly values: readonly number[] }[]
}

const BAR = 22
const STEP = 46
const WIDTH = 640
/** Where a figure fits. */
const FIGURE = 18

const SAYS = messages({ data: '数据表', row: '项目' }, { data: 'The figures', row: 'Row' })

/**
 * Horizontal bars, drawn here and printed well, with the same figures as a table under them. Numbers stand
 * in the bars and the sum behind them, so nothing has to be read off an axis; parts differ in lightness too.
 */
export function chart(lang: Lang, { title, parts, rows }: Bars): Html {
  const sums = rows.map(({ values }) => values.reduce((sum, one) => sum + one, 0))
  const scale = (WIDTH - 60) / Math.max(1, ...sums)
  const height = rows.length * STEP
  const drawn = rows.map(({ label, values }, i) => bar({ label, values, scale, y: i * STEP }))
  const key =
    parts.length > 1
      ? html`<ul class="key">${parts.map((part, i) => html`<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="s${i}" width="10" height="10"/></svg>${part}</li>`)}</ul>`
      : ''
  const columns = [
    { head: SAYS[lang].row, isHead: true, cell: (row: Bars['rows'][number]) => row.label },
    ...parts.map((part, i) => ({
      head: part,
      isNumber: true,
      cell: (row: Bars['rows'][number]) => row.values[i] ?? 0,
    })),
  ]
  return html`<figure class="chart"><figcaption><h2>${title}</h2></figcaption>${key}
<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">${drawn}</svg>
<details class="ds-details"><summary>${SAYS[lang].data}</summary><div>${table(lang, { caption: title, columns, rows })}</div></details></figure>`
}

function bar({
  label,
  values,
  scale,
  y,
}: {
  label: string
  values: readonly number[]
  scale: number
  y: number
}): Html {
  let x = 0
  const middle = y + 20 + BAR / 2 + 5
  const pieces = values.map((value, i) => {
    const width = value * scale
    const at = x
    x += width
    if (value === 0) return ''
    const figure =
      values.length > 1 && width >= FIGURE
        ? html`<text class="t${i}" text-anchor="middle" x="${(at + width / 2).toFixed(1)}" y="${middle}">${value}</text>`
        : ''
    return html`<rect class="s${i}" x="${at.toFixed(1)}" y="${y + 20}" width="${width.toFixed(1)}" height="${BAR}"/>${figure}`
  })
  const sum = values.reduce((all, one) => all + one, 0)
  return html`<text x="0" y="${y + 14}">${label}</text>${pieces}<text x="${(x + 8).toFixed(1)}" y="${middle}">${sum}</text>`
}

export type ProofStep = {
  readonly label: string
  readonly detail: string
  /** Undefined while nothing was checked. */
  readonly isOk?: boolean
}

const PROOF_STEP = 72

/** The way of a proof, from the record to the signed checkpoint; what broke is thick and says so. */
export function proofPath(title: string, steps: readonly ProofStep[]): Html {
  const drawn = steps.map(({ label, detail, isOk }, i) => {
    const y = i * PROOF_STEP
    const line = i === 0 ? '' : html`<line x1="24" x2="24" y1="${y - 20}" y2="${y}"/>`
    const sign = isOk === undefined ? '' : isOk ? '✓ ' : '✗ '
    return html`<g class="${isOk === undefined ? '' : isOk ? 'ok' : 'bad'}">${line}<rect x="1" y="${y + 1}" width="478" height="50" rx="4"/><text x="14" y="${y + 21}">${sign}${label}</text><text x="14" y="${y + 42}" class="faint">${detail}</text></g>`
  })
  return html`<svg class="proof" viewBox="0 0 480 ${Math.max(1, steps.length) * PROOF_STEP - 20}" role="img" aria-label="${title}">${drawn}</svg>`
}
