import type { Deps } from '../deps.ts'
import { OverLimit } from '../log/admit.ts'
import type { Registry } from '../registry/registry.ts'
import type { Tracing } from '../trace.ts'
import { authenticate } from './authenticate.ts'
import { authorize } from './authorize.ts'
import { asRefusal } from './fault.ts'
import { intend } from './intend.ts'
import { minimise } from './minimise.ts'
import { obtain } from './obtain.ts'
import { onlyOnce } from './once.ts'
import { type Outcome, REQUEST_TYPE } from './outcome.ts'
import { recall, retryKeyOf, retryNameOf } from './recall.ts'
import { EndedElsewhere, type Progress } from './record.ts'
import { refuse } from './refuse.ts'
import { readRequest } from './request.ts'
import { sealAnswer } from './seal.ts'
import { subjectPseudonym } from './subject.ts'

/** Of one request, where other nodes keep ending what it began. */
const ATTEMPTS_MAX = 3

export type Exchange = (text: string, trace?: Tracing) => Promise<Outcome>

/**
 * THE PATH. One compact JWS in; one signed, recorded outcome out. The checks run in the order of the
 * table in docs (2 to 17; the edge did 1), and what a step returns is the evidence that they held.
 *
 * The returned function throws only for what cannot be attributed (checks 2–6), and where log or signer
 * is away, when there is no record to release anything with.
 */
export function exchanger(deps: Deps): Exchange {
  const once = onlyOnce()
  const refuseWith = refuse(deps)

  return async (text, trace) => {
    const now = deps.clock()
    const registry = await deps.registry.view()
    const principal = await authenticate({ ...deps, registry }, text, { typ: REQUEST_TYPE, now })
    const key = retryKeyOf(deps.crypto, principal)
    const name = `${principal.system.id} ${retryNameOf(principal)}`
    const attempt = async (): Promise<Outcome> => {
      const progress: Progress = { principal, key, trace, arrived: deps.log.expect() }
      try {
        return await execute({ ...deps, registry }, progress, now)
      } catch (error) {
        if (error instanceof EndedElsewhere) throw error
        const refusal =
          error instanceof OverLimit
            ? deps.limits.refusalOf(error, progress.grant, now)
            : asRefusal(error)
        return await refuseWith(progress, refusal, now)
      } finally {
        progress.arrived()
      }
    }
    return once(name, principal.hash, async () => {
      for (let tries = 1; ; tries++) {
        try {
          return await attempt()
        } catch (error) {
          // What was recorded elsewhere is recalled now: the same outcome, or `jti-reuse`.
          if (error instanceof EndedElsewhere && tries < ATTEMPTS_MAX) continue
          throw error
        }
      }
    })
  }
}

async function execute(
  deps: Omit<Deps, 'registry'> & { readonly registry: Registry },
  progress: Progress,
  now: number,
): Promise<Outcome> {
  const { principal } = progress
  const onWait = progress.arrived
  const stored = await recall(deps, principal, { key: progress.key, now, onWait })
  if (stored) return stored
  const request = readRequest(principal, now)
  progress.request = request
  const grant = authorize(deps, request, now)
  progress.grant = grant
  const subject = subjectPseudonym(deps.crypto, grant)
  progress.subject = subject
  const uses = await deps.limits.admit(grant, subject, now)
  const isRemote = grant.item.connector.kind !== 'snapshot'
  const intent = isRemote ? await intend(deps, progress, { grant, uses }) : undefined
  const found = await obtain(deps, grant, { intent, now, trace: progress.trace })
  // Announced anew only now: others' commits must not wait for a provider that is thinking.
  if (isRemote) progress.arrived = deps.log.expect()
  const answer = minimise(grant, found)
  return sealAnswer(deps, { ...progress, request, grant, subject }, { answer, uses, now })
}
