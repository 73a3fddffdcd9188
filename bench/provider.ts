import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { askForTrust } from '../src/cli/trust-file.ts'
import { createProvider } from '../src/provider/index.ts'
import { PROVIDER } from './connectors.ts'

/** A provider on the kit, in a process of its own; its register answers at once. */
type Told = { readonly key: string; readonly gateway: string }

let answer: ((request: Request) => Promise<Response>) | undefined

process.on('message', async ({ key, gateway }: Told) => {
  const trust = await askForTrust(gateway)
  answer = createProvider({
    id: PROVIDER,
    key: JSON.parse(readFileSync(key, 'utf8')),
    trust: () => trust,
    items: {
      'MAR-01': {
        register: 'marriage',
        version: () => 'bench',
        answer: async () => ({
          outcome: 'ANSWERED',
          values: { status: 'REGISTERED', regDate: '2005-03-20' },
        }),
      },
    },
  })
  process.send?.({ ready: true })
})

const server = serve(
  {
    fetch: (request) => answer?.(request) ?? new Response(null, { status: 503 }),
    hostname: '127.0.0.1',
    port: 0,
  },
  () => process.send?.({ port: (server.address() as AddressInfo).port }),
)
