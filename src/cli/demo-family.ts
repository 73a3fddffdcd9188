import type { Asked, Client, MaterialAnswer, People, ServiceCase } from '../client/index.ts'
import type { Trust } from '../log/trust.ts'
import { verifyEvidence } from '../log/verify.ts'
import { nodeSha256 } from '../platform/crypto.ts'
import { readIfPresent, writeDurably } from '../platform/files.ts'
import type { Counts } from '../registry/counts.ts'
import { answersNow, countMaterials } from '../registry/counts.ts'
import type { Registry } from '../registry/registry.ts'
import { SERVICE } from './demo-case.ts'
import type { Held } from './held.ts'

/** How an item's provider is asked, as the registry binds it; an officer where nothing is bound. */
export type Way = 'snapshot' | 'sql' | 'http' | 'officer'

export type Proof = Asked & {
  readonly way: Way
  /** Name of its evidence, a file without `.json`. */
  readonly file: string
  /** Its bundle, as it was read back from the file, verifies. */
  readonly ok: boolean
}

export type Paper = Omit<MaterialAnswer, 'asked'> & { readonly asked: readonly Proof[] }

export type Family = {
  readonly papers: readonly Paper[]
  readonly counts: Counts
  readonly held: readonly Held[]
}

/** Asks by the SDK what the service's page lists; each bundle is saved, then judged from its file. */
export async function askFamily(
  client: Client,
  { about, people }: { about: ServiceCase; people: People },
  { evidence, trust, view }: { evidence: string; trust: Trust; view: Registry },
): Promise<Family> {
  const answer = await client.askService(SERVICE, about, people)
  const prove = async (asked: Asked): Promise<Proof> => {
    const { item, entry, jti } = asked
    const file = `${item}-${entry ?? 'none'}`
    const path = `${evidence}/${file}.json`
    // A refusal that may be retried has no evidence, and what has none is not proven.
    const read = async () => (jti === undefined ? null : client.evidence(jti).catch(() => null))
    const bundle = asked.answer?.evidence ?? (await read())
    await writeDurably(path, JSON.stringify(bundle, null, 2))
    const saved = JSON.parse((await readIfPresent(path)) ?? 'null')
    const { ok } = await verifyEvidence(saved, trust, nodeSha256)
    return { ...asked, way: wayOf(view, item), file, ok }
  }
  const papers: Paper[] = []
  for (const material of answer.materials)
    papers.push({ ...material, asked: await Promise.all(material.asked.map(prove)) })
  return { papers, ...judge(papers, answer, view) }
}

/** Counted from the papers that the registry lists and what became of each question just now. */
function judge(
  papers: readonly Paper[],
  { before, after }: { before: number; after: number },
  view: Registry,
): Omit<Family, 'papers'> {
  const asked = proofsOf(papers)
  const service = view.services.get(SERVICE) ?? { materials: [] }
  const stands = (code: string) => {
    const about = asked.filter(({ item }) => item === code)
    return about.length > 0 && about.every(({ verdict }) => verdict === 'proven')
  }
  const counts = countMaterials(service, stands)
  const promised = countMaterials(service, answersNow(view.items))
  const answered = asked.filter(({ answer }) => answer)
  const ways = new Set(answered.map(({ way }) => way))
  const held = [
    {
      what: 'every question asked, and its evidence proven',
      ok: asked.length > 0 && asked.every(({ ok }) => ok),
    },
    {
      what: 'the papers count as the catalogue promised, and as the SDK counts',
      ok:
        JSON.stringify(counts) === JSON.stringify(promised) &&
        counts.before === before &&
        counts.after === after &&
        counts.proven > 0,
    },
    {
      what: 'all three connectors answered',
      ok: ways.has('snapshot') && ways.has('sql') && ways.has('http'),
    },
    {
      what: 'what came from a provider’s own system carries its statement, and nothing else does',
      ok: answered.every(({ way, answer }) => (way === 'http') === !!answer?.providerStatement),
    },
  ]
  return { counts, held }
}

export function proofsOf(papers: readonly Paper[]): Proof[] {
  return papers.flatMap(({ asked }) => asked)
}

function wayOf({ items }: Registry, code: string): Way {
  const item = items.get(code)?.find(({ state }) => state === 'published')
  return item?.connector?.kind ?? 'officer'
}
