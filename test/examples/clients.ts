import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url))
export const QUESTION = `${EXAMPLES}ent-01.json`

/** A client in another language: what it needs, how it is made ready, and how it is run. */
export type Client = {
  readonly name: string
  /** Why it cannot run here; undefined where it can. */
  readonly missing: () => string | undefined
  /** Compiles into that folder, where there is anything to compile. */
  readonly prepare?: (folder: string) => readonly string[]
  readonly command: (folder: string) => readonly string[]
  /** Vectors of sound evidence that it refuses all the same, and says so. */
  readonly stricter?: readonly string[]
}

export const CLIENTS: readonly Client[] = [
  {
    name: 'shell',
    missing: () =>
      needs('openssl', ['version'], /^OpenSSL ([3-9]|\d\d)\./) ?? needs('curl', ['-V'], /./),
    command: () => ['sh', `${EXAMPLES}shell/client.sh`],
    stricter: ['revoked-on-arrival'],
  },
  {
    name: 'python',
    missing: () =>
      needs(
        'python3',
        ['-c', 'import cryptography, sys; print(sys.version_info >= (3, 9))'],
        /^True/,
      ),
    command: () => ['python3', `${EXAMPLES}python/client.py`],
  },
  {
    name: 'go',
    missing: () => needs('go', ['env', 'GOVERSION'], /^go1\.(2[5-9]|[3-9]\d)/),
    prepare: (folder) => ['go', 'build', '-o', `${folder}/client`, `${EXAMPLES}go/client.go`],
    command: (folder) => [`${folder}/client`],
  },
  {
    name: 'java',
    missing: () => needs('javac', ['-version'], /javac (1[7-9]|[2-9]\d)/),
    // `java Client.java` compiles at every start: once is enough for all the vectors.
    prepare: (folder) => ['javac', '-d', folder, `${EXAMPLES}java/Client.java`],
    command: (folder) => ['java', '-cp', folder, 'Client'],
  },
]

function needs(tool: string, args: readonly string[], version: RegExp): string | undefined {
  const { stdout, stderr, error } = spawnSync(tool, [...args], { encoding: 'utf8', env: ENV })
  const said = `${stdout ?? ''}${stderr ?? ''}`.trim()
  if (error) return `there is no ${tool}`
  return version.test(said)
    ? undefined
    : `${tool} is not the one that is needed: ${said.slice(0, 80)}`
}

/** No toolchain is fetched from the network, and no locale decides how a text is read. */
const ENV = { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod', LC_ALL: 'C' }

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string }

export async function run(command: readonly string[], args: readonly string[] = []): Promise<Ran> {
  const [program = '', ...first] = command
  const child = spawn(program, [...first, ...args], { env: ENV, stdio: ['ignore', 'pipe', 'pipe'] })
  const closed = once(child, 'close') as Promise<[number | null]>
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await closed
  return { code, out, err }
}
