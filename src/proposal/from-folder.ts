import type { Bilingual } from '../errors.ts'
import { diffDocuments } from '../registry/diff.ts'
import {
  currentOf,
  type IncomingKind,
  type InForce,
  type Refused,
  refusalOf,
} from '../registry/fate.ts'
import { FOLDERS, type FolderDocument, type FolderFate, planFolder } from '../registry/folder.ts'
import { isMembers, type Members } from '../registry/members.ts'
import { readSystemJwk, SystemKeyError } from '../registry/system-keys.ts'
import type { Actor } from './actor.ts'
import { AGREED_ON, readApplication } from './kinds/agreement-document.ts'
import { maySee } from './show.ts'

/** What a file would be proposed as. */
export type Opening = { readonly kind: string; readonly target: string; readonly doc: Members }

/** Of an agency whose business one does not see whole: it cannot be compared. */
type Foreign = Pick<FolderFate, 'path' | 'kind' | 'key'> & { readonly fate: 'foreign' }

/** A file's fate and, where something would change, the proposal that says so. */
export type Planned = (FolderFate | Foreign) & {
  readonly opening?: Opening
  /** What the file says and this way cannot do. */
  readonly remarks?: readonly Bilingual[]
}

export type ProposalPlan = {
  readonly files: readonly Planned[]
  readonly absent: ReturnType<typeof planFolder>['absent']
}

/** What stands in a file beside its document, since it is only for those who decide: by folder. */
const BESIDE: Readonly<Record<string, string>> = { agreements: 'application', systems: 'keys' }

/** Who reads the registry: as whom the gateway answered, and so what is missing in its answers. */
export type Reader = Pick<Actor, 'roles'>

/**
 * What would become of every file, and what would be proposed. A file of an agreement also holds its
 * `application`, one of a system its first `keys`; neither is part of what is in force.
 *
 * @param registry as the reader sees it
 */
export async function planProposals(
  documents: readonly FolderDocument[],
  registry: InForce,
  reader: Reader,
): Promise<ProposalPlan> {
  const sees = seenBy(reader, registry)
  const own = Map.groupBy(documents, ({ folder, document }) => sees(FOLDERS[folder], document))
  const taken = (own.get(true) ?? []).map(takeAside)
  const beside = new Map(taken.map(({ file, aside }) => [file.path, aside]))
  const given = taken.map(({ file }) => file)
  const { files, absent } = planFolder(given, registry)
  const planned = await Promise.all(files.map((file) => planOne(file, beside.get(file.path))))
  const foreign = (own.get(false) ?? []).map(({ path, folder, name }): Planned => {
    return { path, kind: FOLDERS[folder], key: name, fate: 'foreign' }
  })
  return {
    files: [...planned, ...foreign].sort((one, other) => (one.path < other.path ? -1 : 1)),
    absent: absent.filter(({ kind, key }) => sees(kind, currentOf(kind, key, registry))),
  }
}

/** Whether a document is of an agency that the reader sees whole; so is one that names none. */
function seenBy(reader: Reader, registry: InForce) {
  const { agencies } = registry
  return (kind: IncomingKind, document: unknown): boolean => {
    const owners = isMembers(document) ? ownersOf(kind, document, registry) : []
    const known = owners.filter((owner) => typeof owner === 'string' && agencies.has(owner))
    return (
      known.length === 0 ||
      known.some((agency) => maySee(reader, { agency: agency as string, party: null }, agencies))
    )
  }
}

function ownersOf(kind: IncomingKind, document: Members, { items }: InForce): readonly unknown[] {
  if (kind === 'item') return [document.provider]
  if (kind === 'service') return [document.lead]
  if (kind !== 'agreement') return [document.agency]
  const { requesters, item } = document
  return [...(Array.isArray(requesters) ? requesters : []), items.get(String(item))?.[0]?.provider]
}

function takeAside(file: FolderDocument): { file: FolderDocument; aside: unknown } {
  const name = BESIDE[file.folder]
  const { document } = file
  if (name === undefined || !isMembers(document) || !Object.hasOwn(document, name))
    return { file, aside: undefined }
  const { [name]: aside, ...rest } = document
  return { file: { ...file, document: rest }, aside }
}

async function planOne(file: FolderFate, aside: unknown): Promise<Planned> {
  const isKnown = file.fate === 'unchanged' || file.fate === 'changed'
  const remarks = file.kind === 'system' && isKnown && aside !== undefined ? [KEYS_ELSEWHERE] : []
  const planned = remarks.length > 0 ? { ...file, remarks } : file
  if (file.fate !== 'new' && file.fate !== 'changed') return planned
  const { kind, key: target } = file
  const made = await docOf(file, aside)
  if ('faults' in made) return { path: file.path, kind, key: target, fate: 'refused', ...made }
  return { ...planned, opening: { kind, target, doc: made.doc } }
}

const KEYS_ELSEWHERE: Bilingual = {
  zh: '已登记系统的密钥不由文件增减，请在控制台“接入系统”办理',
  en: 'Keys of a registered system come and go in the console, not by files',
}

type Changing = FolderFate & { readonly fate: 'new' | 'changed' }
type Made = { readonly doc: Members } | { readonly faults: readonly Refused[] }

async function docOf({ kind, fate, document }: Changing, aside: unknown): Promise<Made> {
  if (kind === 'agreement') return applicationOf(document, fate, aside)
  if (kind !== 'system') return { doc: document }
  return fate === 'changed' ? { doc: { system: document, keys: [] } } : joined(document, aside)
}

/** An agreement that is in force was agreed on as it is: another one is another application. */
function applicationOf(document: Members, fate: Changing['fate'], application: unknown): Made {
  if (fate === 'changed') return { faults: [{ pointer: '', texts: AGREED_ON }] }
  const read = readApplication(document, application)
  return read.success ? { doc: read.data } : { faults: read.error.issues.map(refusalOf) }
}

async function joined(system: Members, keys: unknown = []): Promise<Made> {
  if (!Array.isArray(keys)) return faulty('/keys', '应为列表', 'It must be an array')
  const read = await Promise.allSettled(keys.map((key) => readSystemJwk(key)))
  const wrong = read.findIndex(({ status }) => status === 'rejected')
  if (wrong < 0)
    return {
      doc: { system, keys: read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])) },
    }
  const { reason } = read[wrong] as PromiseRejectedResult
  if (!(reason instanceof SystemKeyError)) throw reason
  return reason.code === 'private'
    ? faulty(
        `/keys/${wrong}`,
        '文件里有私钥：它已不得再使用，请重新生成，只交公钥',
        'It holds a private key, which may not be used any more: make another, hand over the public half',
      )
    : faulty(
        `/keys/${wrong}`,
        '不是 ES256 或 Ed25519 的签名公钥（JWK）',
        'It is not a public signature key (JWK) for ES256 or Ed25519',
      )
}

function faulty(pointer: string, zh: string, en: string): Made {
  return { faults: [{ pointer, texts: { zh, en } }] }
}

/** Whether a proposal says what a file says; what the gateway itself fills in is no difference. */
export function isProposed(doc: unknown, { doc: wanted }: Opening): boolean {
  if (!isMembers(doc)) return false
  return diffDocuments(withoutFilled(doc), withoutFilled(wanted)).length === 0
}

function withoutFilled(doc: Members): Members {
  const { state: _, version: __, ...rest } = doc
  return rest
}
