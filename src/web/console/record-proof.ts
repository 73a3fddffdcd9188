import { html } from 'hono/html'
import type { LogRecord } from '../../audit/record.ts'
import { parseCheckpoint } from '../../log/checkpoint.ts'
import { parseNote } from '../../log/note.ts'
import { parseReceipt } from '../../log/receipt.ts'
import type { LogIdentity } from '../../log/shard.ts'
import { type ProofStep, proofPath } from '../components/drawing.ts'
import { copyButton, linkButton } from '../components/form.ts'
import { descriptionList } from '../components/lists.ts'
import { notice, tag } from '../components/state.ts'
import { RECORD } from '../texts/record.ts'
import type { View } from '../view.ts'
import type { Html } from '../words.ts'

type Verdict = 'unchecked' | 'good' | 'inclusion' | 'checkpoint' | 'both'

/**
 * The proof of a record: to be verified in the page (`web/assets/verify-record.ts` shows the verdict that
 * it comes to; all of them stand here, hidden, in the page's language), to be downloaded, to be read. The
 * server claims nothing: what it sends says "not verified yet".
 */
export function proofOf(view: View, record: LogRecord, logs: readonly LogIdentity[]): Html {
  const { lang, look } = view
  const says = RECORD[lang]
  const canVerify = look.files.has('web/assets/verify-record.ts')
  const data = JSON.stringify(logs.map(({ origin, vkey }) => ({ origin, vkey })))
  return html`<section id="proof" data-logs="${data}" data-own="${says.own}"><h2>${says.proof}</h2>
<p>${says.proofLead}</p>${canVerify ? asking(view) : ''}
<div role="status">${verdicts(view, record)}</div></section>
${offline(view, record)}
<h2>${says.key}</h2>${keyOf(view, record, logs)}
<h2>${says.entry}</h2>${raw('entry', record.entry, view)}
<h2>${says.receipt}</h2>${raw('receipt', record.receipt, view)}`
}

/** Only where scripts run: they take `hidden` away. */
function asking({ lang }: View): Html {
  const says = RECORD[lang]
  return html`<div class="screen" data-script hidden><div class="actions"><button type="button" class="ds-button" data-variant="primary">${says.verify}</button></div>
<details><summary>${says.trust}</summary><div class="ds-field"><label class="ds-label" data-weight="medium" for="trust">${says.trustFile}</label><p class="faint small" id="trust-hint">${says.trustHint}</p><input class="ds-input" type="file" id="trust" accept=".json,application/json" aria-describedby="trust-hint"></div></details></div>`
}

function verdicts(view: View, record: LogRecord): Html {
  const says = RECORD[view.lang]
  const shown = (verdict: string, body: Html, isFirst = false) =>
    html`<div data-verdict="${verdict}"${isFirst ? '' : html` hidden`}>${body}</div>`
  const bad = (verdict: 'inclusion' | 'checkpoint' | 'both', why: string) =>
    shown(
      verdict,
      html`${notice('bad', html`<p>${tag('bad', says.bad)}</p><p>${why}</p><p>${says.badTodo}</p>`)}${picture(view, record, verdict)}`,
    )
  const unable = (verdict: string, title: string, why: string) =>
    shown(verdict, notice('warn', html`<p>${tag('warn', title)}</p><p>${why}</p>`))
  return html`${shown('unchecked', html`<p>${tag('quiet', says.unchecked)}</p>${picture(view, record, 'unchecked')}`, true)}
${shown('good', html`${notice('good', html`<p>${tag('good', says.good)}</p><p>${says.goodLead}</p>`)}${found(view)}${picture(view, record, 'good')}`)}
${bad('inclusion', says.badInclusion)}${bad('checkpoint', says.badCheckpoint)}${bad('both', says.badBoth)}
${unable('unable', says.unable, says.unableWhy)}${unable('no-trust', says.noTrust, says.noTrustWhy)}`
}

/** Filled by the browser with what it has computed itself. */
function found({ lang }: View): Html {
  const { leaf, path, root, signed, size, trust } = RECORD[lang].goodChecks
  const slot = (name: string) => html`<code data-fill="${name}"></code>`
  return descriptionList([
    [leaf, slot('leaf')],
    [path, slot('steps')],
    [root, slot('root')],
    [signed, slot('origin')],
    [size, slot('size')],
    [trust, html`<span data-fill="trust"></span>`],
  ])
}

/** From the record to the signature, four links; which of them hold is the verdict's. */
function picture({ lang }: View, { receipt }: LogRecord, verdict: Verdict): Html {
  const { steps, pictures } = RECORD[lang]
  const { proof, checkpoint } = parseReceipt(receipt)
  const { size } = parseCheckpoint(parseNote(checkpoint).text)
  const holds = HOLDS[verdict]
  const number = new Intl.NumberFormat(lang).format(size)
  const drawn: readonly ProofStep[] = [
    { label: steps.entry, detail: steps.entryDetail },
    { label: steps.path, detail: steps.pathDetail(proof.length) },
    { label: steps.root, detail: steps.rootDetail(number) },
    { label: steps.checkpoint, detail: steps.checkpointDetail },
  ]
  const judged = drawn.map((step, i) =>
    holds[i] === undefined ? step : { ...step, isOk: holds[i] },
  )
  return proofPath(pictures[verdict], judged)
}

const HOLDS: Readonly<Record<Verdict, readonly (boolean | undefined)[]>> = {
  unchecked: [],
  good: [true, true, true, true],
  inclusion: [undefined, false, undefined, true],
  checkpoint: [true, true, true, false],
  both: [undefined, false, undefined, false],
}

function offline({ lang }: View, { number }: LogRecord): Html {
  const says = RECORD[lang]
  const file = `record-${number}.json`
  const path = `/console/log/${number}`
  return html`<h2>${says.offline}</h2><p>${says.offlineLead}</p><pre class="raw" tabindex="0">mianzheng verify ${file} --entry --trust trust.json</pre><div class="actions">${linkButton(`${path}/record.json`, says.download)}${linkButton(`${path}/receipt.tlog-proof`, says.downloadReceipt)}</div>`
}

function keyOf({ lang }: View, { receipt }: LogRecord, logs: readonly LogIdentity[]): Html {
  const { origin } = parseCheckpoint(parseNote(parseReceipt(receipt).checkpoint).text)
  const log = logs.find((one) => one.origin === origin)
  return html`<p><code>${log?.vkey ?? origin}</code></p><p class="faint">${RECORD[lang].keyHint}</p>`
}

/** Exactly this text is what the browser verifies: nothing may stand beside it in the element. */
function raw(id: 'entry' | 'receipt', text: string, { lang }: View): Html {
  const says = RECORD[lang]
  return html`<pre class="raw" id="${id}" tabindex="0">${text}</pre><div class="actions">${copyButton(`#${id}`, says.copy, says.copied)}</div>`
}
