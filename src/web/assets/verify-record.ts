import { encodeBase64 } from '../../log/base64.ts'
import { parseVkey } from '../../log/note.ts'
import type { Trust } from '../../log/trust.ts'
import { type EntryVerdict, verifyEntry } from '../../log/verify-entry.ts'

/**
 * Verifies the record that this page shows, in the browser, with the gateway's own verifier. Nothing is
 * asked of the server: entry, receipt and the log's keys stand in the page; whoever has a trust file of
 * his own names it, and it does not leave the machine. All words are the page's.
 *
 * - `#entry`, `#receipt`: the exact texts
 * - `#proof[data-logs]`: JSON, the logs with their keys as this gateway names them
 * - `#proof button`: verifies; `#trust`: a trust file, in place of `data-logs`
 * - `[data-verdict]`: what is shown when it is the verdict; `[data-fill]`: what was found on the way
 */
type Verdict = 'unchecked' | 'good' | 'inclusion' | 'checkpoint' | 'both' | 'unable' | 'no-trust'

const TRUST_FILE_BYTES_MAX = 4 * 1024 * 1024
const SHOWN_CHARACTERS = 12

const proof = document.querySelector<HTMLElement>('#proof')
const button = proof?.querySelector('button')
const file = document.querySelector<HTMLInputElement>('#trust')

if (proof && button) {
  for (const one of proof.querySelectorAll<HTMLElement>('[data-script]')) one.hidden = false
  button.addEventListener('click', () => void verify(proof))
  // Another trust file, another question: what was answered before is no longer shown.
  file?.addEventListener('change', () => show(proof, 'unchecked'))
}

async function verify(section: HTMLElement): Promise<void> {
  if (!(await isAble())) return show(section, 'unable')
  const trust = await trustOf(section)
  if (!trust) return show(section, 'no-trust')
  const [entry, receipt] = ['entry', 'receipt'].map(
    (id) => document.getElementById(id)?.textContent,
  )
  const verdict = await verifyEntry({ entry: entry ?? '', receipt: receipt ?? '' }, trust, sha256)
  fill(section, verdict)
  show(section, nameOf(verdict))
}

function nameOf({ checks }: EntryVerdict): Verdict {
  if (checks.inclusion.ok) return checks.checkpoint.ok ? 'good' : 'checkpoint'
  return checks.checkpoint.ok ? 'inclusion' : 'both'
}

/** A browser without Ed25519 would call every signature bad; without a secure context there is no hash. */
async function isAble(): Promise<boolean> {
  // The curve's base point (RFC 8032 §5.1): a key that every implementation takes.
  const key = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 0x58 : 0x66))
  try {
    await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify'])
    return true
  } catch {
    return false
  }
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)))
}

/** The logs of the trust file that was chosen, else those that the page names; undefined for another file. */
async function trustOf(section: HTMLElement): Promise<Pick<Trust, 'log'> | undefined> {
  const chosen = file?.files?.[0]
  if (!chosen) return { log: JSON.parse(section.dataset.logs ?? '[]') }
  if (chosen.size > TRUST_FILE_BYTES_MAX) return undefined
  try {
    const { log } = JSON.parse(await chosen.text()) as Trust
    for (const { vkey } of log) parseVkey(vkey)
    return { log: log.map(({ origin, vkey }) => ({ origin: String(origin), vkey })) }
  } catch {
    return undefined
  }
}

function show(section: HTMLElement, verdict: Verdict): void {
  for (const one of section.querySelectorAll<HTMLElement>('[data-verdict]'))
    one.hidden = one.dataset.verdict !== verdict
}

/** What the browser itself has computed, not what the page said. */
function fill(section: HTMLElement, { way, checkpoint }: EntryVerdict): void {
  const found: Record<string, string> = {
    leaf: way ? short(way.leafHash) : '',
    steps: way ? String(way.rungs.length) : '',
    root: checkpoint ? short(checkpoint.root) : '',
    origin: checkpoint?.origin ?? '',
    size: checkpoint ? String(checkpoint.size) : '',
    trust: file?.files?.[0]?.name ?? section.dataset.own ?? '',
  }
  for (const one of section.querySelectorAll<HTMLElement>('[data-fill]'))
    one.textContent = found[one.dataset.fill ?? ''] ?? ''
}

function short(hash: Uint8Array): string {
  return `${encodeBase64(hash).slice(0, SHOWN_CHARACTERS)}…`
}
