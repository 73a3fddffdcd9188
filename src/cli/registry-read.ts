import { z } from 'zod'
import type { InForce } from '../registry/fate.ts'
import { IN_FORCE_KINDS, type InForceKind, inForceOf, readInForce } from '../registry/in-force.ts'
import type { Admin } from './admin.ts'
import { Failure } from './failure.ts'
import { readAs } from './remote.ts'

/** How often it is read while others change it, and how many pages of 100 a kind has at the most. */
const READS_MAX = 3
const PAGES_MAX = 1000

const page = z.object({
  version: z.number(),
  documents: z.array(z.unknown()),
  next: z.string().startsWith('/v1/admin/registry').optional(),
})

/** What is in force, all of one moment. @throws Failure where it kept changing, or is of another version. */
export async function readRegistry(admin: Admin): Promise<InForce> {
  for (let reads = 0; reads < READS_MAX; reads++) {
    const all: { kind: InForceKind; version: number; documents: unknown[] }[] = []
    for (const kind of IN_FORCE_KINDS) all.push(...(await pagesOf(admin, kind)))
    if (new Set(all.map(({ version }) => version)).size === 1) return viewOf(all)
  }
  throw new Failure(
    1,
    '登记册正在被他人改动，请稍后再试。',
    'Others keep changing the registry; try again in a moment.',
  )
}

async function pagesOf(admin: Admin, kind: InForceKind) {
  const pages: { kind: InForceKind; version: number; documents: unknown[] }[] = []
  let next: string | undefined = `/v1/admin/registry?kind=${kind}`
  while (next !== undefined && pages.length < PAGES_MAX) {
    const read: z.infer<typeof page> = readAs(page, await admin.get(next))
    pages.push({ kind, version: read.version, documents: read.documents })
    next = read.next
  }
  return pages
}

function viewOf(all: readonly { kind: InForceKind; documents: unknown[] }[]): InForce {
  const of = <K extends InForceKind>(kind: K) => {
    const given = all.filter((one) => one.kind === kind).flatMap(({ documents }) => documents)
    const read = readInForce(kind, given)
    if (!read)
      throw new Failure(
        1,
        `网关的登记文档（${kind}）不是本版本的格式。`,
        `The gateway’s documents (${kind}) are not of this version’s form.`,
      )
    return read
  }
  return inForceOf({
    agency: of('agency'),
    contract: of('contract'),
    item: of('item'),
    service: of('service'),
    agreement: of('agreement'),
    system: of('system'),
    pledge: of('pledge'),
  })
}
