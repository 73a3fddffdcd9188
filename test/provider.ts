import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import type { JWK } from 'jose'
import { afterEach } from 'vitest'
import { generateSigningKey } from '../src/keys/generate.ts'
import { publicJwk } from '../src/keys/signer.ts'
import {
  createProvider,
  type ItemSource,
  type ProviderLine,
  type Remembered,
} from '../src/provider/index.ts'
import { bumpVersion } from '../src/registry/registry.ts'
import type { TestGateway } from './harness.ts'

export const PROVIDER = 'civil-affairs'
const CIVIL_AFFAIRS = '11990100MB99010327'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

const servers = new Set<Server>()

afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
  servers.clear()
})

/** MAR-01 is asked of the provider's own endpoint from now on. */
export async function moveMarriages(gateway: TestGateway, endpoint: string): Promise<JWK> {
  const { db } = gateway.deps.store
  const jwk = await generateSigningKey('ES256')
  const names = { zh: '婚姻登记核验服务', en: 'Marriage registration endpoint' }
  const doc = {
    id: PROVIDER,
    agency: CIVIL_AFFAIRS,
    names,
    actsFor: [CIVIL_AFFAIRS],
    roles: ['provider'],
    endpoint,
    status: 'active',
    rate: { perSecond: 1, burst: 1 },
  }
  await db
    .insertInto('system')
    .values({ id: PROVIDER, doc: JSON.stringify(doc) })
    .execute()
  const key = { jwk: JSON.stringify(await publicJwk(jwk)), valid_from: 0, valid_to: null }
  const named = { system: PROVIDER, kid: String(jwk.kid), alg: 'ES256', revoked_at: null }
  await db
    .insertInto('system_key')
    .values({ ...named, ...key })
    .execute()
  const lookup = [{ subject: 'idNo' }]
  const confirm = [{ subject: 'name', compare: 'name' }]
  await gateway.amend('item', 'MAR-01', {
    connector: { kind: 'http', system: PROVIDER, lookup, confirm },
  })
  await bumpVersion(db)
  return jwk
}

/** Any server at all; gone after the test. @returns its address. */
export async function serve(handler: Handler, host = '127.0.0.1'): Promise<string> {
  const server = createServer(handler)
  servers.add(server)
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  return `http://${host}:${(server.address() as AddressInfo).port}/assistance`
}

const MARRIED: ItemSource = {
  register: 'marriage-live',
  version: () => '7',
  answer: async ({ subject }) =>
    subject.idNo === '990104197812170016'
      ? {
          outcome: 'ANSWERED',
          values: { status: 'REGISTERED', spouseIdNo: '99010419780629002X', regDate: '2005-03-20' },
        }
      : { outcome: 'NO_RECORD' },
}

export type Kit = {
  readonly lines: ProviderLine[]
  readonly calls: { count: number; failures: number }
  readonly key: JWK
}

type Behaviour = {
  readonly source?: ItemSource
  readonly remembered?: Remembered
  readonly clock?: () => number
  /** Runs before the kit; true when it has answered itself. */
  readonly before?: (response: ServerResponse, call: number) => boolean
}

/** An honest provider on the kit, over real HTTP, behind MAR-01. */
export async function startProvider(
  gateway: TestGateway,
  {
    source = MARRIED,
    remembered,
    before = () => false,
    clock = () => gateway.clock.now,
  }: Behaviour = {},
): Promise<Kit> {
  const lines: ProviderLine[] = []
  const calls = { count: 0, failures: 0 }
  let listener: Handler | undefined
  const endpoint = await serve((request, response) => {
    calls.count += 1
    if (!before(response, calls.count)) listener?.(request, response)
  })
  const key = await moveMarriages(gateway, endpoint)
  const trust = await gateway.trust()
  const answer = createProvider({
    id: PROVIDER,
    key,
    trust: () => trust as never,
    items: { 'MAR-01': source },
    log: (line) => {
      lines.push(line)
    },
    clock,
    ...(remembered ? { remembered } : {}),
  })
  listener = getRequestListener(answer)
  return { lines, calls, key }
}
