import { Hono } from 'hono'
import type { JWK } from 'jose'
import { createProvider, type ProviderLine, type ProviderTrust } from '../../src/provider/index.ts'
import { employmentRegistration, socialInsurance, vehicles } from './registers.ts'

export type Options = {
  readonly trust: () => ProviderTrust | Promise<ProviderTrust>
  /** A provider system's private key. */
  readonly keyOf: (system: string) => JWK
  readonly log?: (line: ProviderLine) => void
  readonly clock?: () => number
}

/** Two agencies' endpoints in one process: this is all that an agency writes beside its register. */
export function providerApp(options: Options): Hono {
  const answersOf = (id: string, items: Parameters<typeof createProvider>[0]['items']) =>
    createProvider({ ...options, id, key: options.keyOf(id), items })
  const socialSecurity = answersOf('social-security', {
    'SOC-01': socialInsurance,
    'EMP-01': employmentRegistration,
  })
  const traffic = answersOf('traffic-police', { 'VEH-01': vehicles })
  return new Hono()
    .post('/social-security', (c) => socialSecurity(c.req.raw))
    .post('/traffic-police', (c) => traffic(c.req.raw))
}
