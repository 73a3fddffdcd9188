import { type Code, ERRORS } from '../errors.ts'
import type { Leaf } from '../log/entry.ts'

/** The checks that every request runs through, in their order (docs/protocol): the rows of the closed table. */
export const CHECKS = [
  'size',
  'form',
  'header',
  'key',
  'signature',
  'audience',
  'retry',
  'time',
  'schema',
  'requester',
  'item',
  'content',
  'agreement',
  'policy',
  'limits',
  'provider',
  'log',
] as const

export type CheckName = (typeof CHECKS)[number]

/** What a request must pass before anybody is known to have sent it; whatever is in the log did. */
const ATTRIBUTION: readonly CheckName[] = CHECKS.slice(0, CHECKS.indexOf('audience') + 1)

/**
 * `held`; `failed`; `moot`: judged no more, or of no bearing once another failed; `untold`: the entry does
 * not say.
 */
export type Standing = 'held' | 'failed' | 'moot' | 'untold'

export type Step = { readonly check: CheckName; readonly standing: Standing }

export type Decision = {
  readonly steps: readonly Step[]
  /** The refusal, where it was one that the closed table knows. */
  readonly code: Code | undefined
}

/**
 * How far a request came, as its entry tells it: each check in turn, up to the one that failed. The order
 * of the checks is the gateway's promise; the entry itself names the failed one only.
 *
 * @returns undefined for entries that are not about one request
 */
export function decisionOf(leaf: Pick<Leaf, 'kind' | 'check' | 'count'>): Decision | undefined {
  if (leaf.kind === 'exchange') return { steps: CHECKS.map(held), code: undefined }
  // Asking a remote provider is about to begin: what follows has entries of its own.
  if (leaf.kind === 'intent') return { steps: upTo('provider', 'untold'), code: undefined }
  if (leaf.kind !== 'refusal') return undefined
  const code = isCode(leaf.check) ? leaf.check : undefined
  const failed = CHECKS.find((check) => code !== undefined && ERRORS[code].check === check)
  // Repeats that were counted together, and faults of the gateway itself, failed at checks unknown.
  if (failed === undefined || leaf.count !== undefined) return { steps: attributed(failed), code }
  const steps = upTo(failed, 'failed')
  return { steps: steps.map((step) => (step.check === 'log' ? held('log') : step)), code }
}

function held(check: CheckName): Step {
  return { check, standing: 'held' }
}

function upTo(last: CheckName, standing: Standing): Step[] {
  const at = CHECKS.indexOf(last)
  const after = standing === 'failed' ? 'moot' : standing
  return CHECKS.map((check, i) => {
    if (check === last) return { check, standing }
    return { check, standing: i < at ? 'held' : after }
  })
}

function attributed(failed: CheckName | undefined): Step[] {
  return CHECKS.map((check) => {
    if (check === failed) return { check, standing: 'failed' }
    return { check, standing: ATTRIBUTION.includes(check) || check === 'log' ? 'held' : 'untold' }
  })
}

function isCode(text: string | undefined): text is Code {
  return text !== undefined && Object.hasOwn(ERRORS, text)
}
