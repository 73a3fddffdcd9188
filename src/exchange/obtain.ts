import type { Connector, Connectors, Found } from '../connector/connector.ts'
import { ProviderFailure } from '../connector/connector.ts'
import { faultOf, Refusal } from '../errors.ts'
import type { Registry } from '../registry/registry.ts'
import type { Tracing } from '../trace.ts'
import type { Grant } from './authorize.ts'

type Asking = {
  readonly intent?: number | undefined
  readonly now: number
  readonly trace?: Tracing | undefined
}

/**
 * Check 16: asks the provider for what was granted and asked, nothing else.
 *
 * @throws Refusal `provider-down`, `provider-timeout` or `provider-invalid`.
 */
export async function obtain(
  { connectors, registry }: { readonly connectors: Connectors; readonly registry: Registry },
  grant: Grant,
  { intent, now, trace }: Asking,
): Promise<Found> {
  const { item, contract, request } = grant
  const { subject, ask, iat: requestedAt } = request.claims
  const { system, compact } = request.principal
  const asked = { registry, item, contract, subject, ask, request: compact.text }
  const question = { ...asked, caller: system.id, intent, requestedAt, now, trace }
  // The record of connectors is typed by kind, so each gets the binding that is its own.
  const connector = connectors[item.connector.kind] as Connector | undefined
  if (!connector)
    throw new Refusal('provider-down', { internal: `no ${item.connector.kind} connector here` })
  try {
    return await connector(question)
  } catch (error) {
    if (error instanceof ProviderFailure)
      throw new Refusal(`provider-${error.how}`, { internal: error.message })
    throw new Refusal('provider-down', { internal: faultOf(error) })
  }
}
