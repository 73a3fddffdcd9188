import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { uploaderOf } from '../../src/cli/upload.ts'
import { uploadCity } from '../../src/cli/upload-city.ts'
import { type DemoProvider, spawnDemoProvider } from '../../src/platform/demo-provider.ts'
import { readCity } from '../../src/platform/seed.ts'
import { freePort } from '../../src/platform/serve.ts'
import {
  type LocalWorker,
  operatorFile,
  prepareWorkers,
  startWrangler,
} from '../../src/platform/wrangler.ts'
import {
  type Caller,
  demoCaller,
  headerOf,
  type Members,
  PROOF_TYPE,
  proofClaims,
  REQUEST_TYPE,
  requestEnvelope,
} from '../caller.ts'
import { ISSUER, temporaryFolder } from '../harness.ts'
import { type Reply, replyOf } from '../reply.ts'

const RATE = { perSecond: 10_000, burst: 10_000 }

export type WorkersCity = Awaited<ReturnType<typeof openWorkersCity>>

/** The invented city on a real workerd, and its own providers beside it. */
export async function openWorkersCity() {
  const dir = temporaryFolder()
  const envFile = await prepareWorkers(dir, { ISSUER })
  const port = await freePort('127.0.0.1')
  const start = () => startWrangler({ dataDir: dir, envFile, port })
  let worker: LocalWorker = await start()
  let provider: DemoProvider | undefined
  const { url } = worker
  const callers = new Map<string, Caller>()
  const when = () => ({ issuer: ISSUER, nowMillis: Date.now() })

  const self = {
    dir,
    url,
    caller: (id: string): Caller => {
      const caller = callers.get(id) ?? demoCaller(dir, id)
      callers.set(id, caller)
      return caller
    },
    /** Registry, registers and providers; no system is held back by its rate. */
    bringCity: async () => {
      const city = await readCity(dir, Date.now())
      const spawned = await spawnDemoProvider({ gateway: url, dataDir: dir })
      provider = spawned
      const systems = city.documents.systems.map((system) => ({ ...system, rate: RATE }))
      const documents = { ...city.documents, systems }
      const uploader = await uploaderOf({ to: url, operatorKey: operatorFile(dir) })
      return uploadCity(uploader, { ...city, documents }, spawned.listening)
    },
    request: (id: string, claims: Members): { jti: string; jws: string } => {
      const caller = self.caller(id)
      const jti = randomUUID()
      const payload = { ...requestEnvelope(caller, when()), jti, ...claims }
      return { jti, jws: caller.sign(headerOf(caller, REQUEST_TYPE), payload) }
    },
    send: async (jws: string, accept = 'application/jwt'): Promise<Reply> => {
      const headers = { 'content-type': 'application/jwt', accept }
      const response = await fetch(`${url}/v1/requests`, { method: 'POST', body: jws, headers })
      return replyOf(jws, response)
    },
    read: async (id: string, path: string): Promise<Response> => {
      const caller = self.caller(id)
      const proof = caller.sign(headerOf(caller, PROOF_TYPE), proofClaims(caller, { path }, when()))
      return fetch(`${url}${path}`, { headers: { authorization: `Bearer ${proof}` } })
    },
    /** SIGKILL to wrangler and workerd at once, as a machine that loses its power. */
    kill: async () => {
      process.kill(-(worker.child.pid as number), 'SIGKILL')
      await worker.ended
      await pause(200)
    },
    restart: async () => {
      worker = await start()
    },
    close: async () => {
      provider?.stop()
      await worker.stop()
    },
  }
  return self
}
