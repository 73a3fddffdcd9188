import type { Connectors, Found } from '../connector/connector.ts'
import { ProviderFailure } from '../connector/connector.ts'
import { faultOf, Refusal } from '../errors.ts'
import type { Registry } from '../registry/registry.ts'
import type { Grant } from './authorize.ts'

/**
 * Check 16: asks the provider for what was granted and asked, nothing else.
 *
 * @throws Refusal `provider-down`, `provider-timeout` or `provider-invalid`.
 */
export async function obtain(
  { connectors, registry }: { readonly connectors: Connectors; readonly registry: Registry },
  grant: Grant,
  now: number,
): Promise<Found> {
  const { item, contract, request } = grant
  const { subject, ask } = request.claims
  const claims = ask.map((one) => one.claim)
  const connector = connectors[item.connector.kind]
  try {
    return await connector({ registry, item, contract, subject, claims, now })
  } catch (error) {
    if (error instanceof ProviderFailure)
      throw new Refusal(`provider-${error.how}`, { internal: error.message })
    throw new Refusal('provider-down', { internal: faultOf(error) })
  }
}
