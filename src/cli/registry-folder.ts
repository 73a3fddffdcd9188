import type { Bilingual } from '../errors.ts'
import { isStrictJson } from '../jws/strict-json.ts'
import { readTextFolder, type TextFile } from '../platform/folder.ts'
import { type Planned, type ProposalPlan, planProposals } from '../proposal/from-folder.ts'
import { FOLDERS, type FolderDocument, type FolderName } from '../registry/folder.ts'
import type { Admin } from './admin.ts'
import { Failure } from './failure.ts'
import { readRegistry } from './registry-read.ts'

/** One document; the admin API takes no more. */
const BYTES_MAX = 256 * 1024
const FILES_MAX = 50_000

const FAULTS = {
  'too-large': { zh: '超过 256 KiB', en: 'It is larger than 256 KiB' },
  'not-utf8': { zh: '不是 UTF-8 编码', en: 'It is not UTF-8' },
  'not-a-file': { zh: '不是普通文件', en: 'It is not a plain file' },
} as const satisfies Record<string, Bilingual>

const NOT_JSON = { zh: '不是 JSON', en: 'It is not JSON' }
const NOT_STRICT = {
  zh: '有重复的成员名、转义的成员名，或嵌套过深',
  en: 'A member occurs twice, a name is escaped, or it is nested too deep',
}

export type FolderPlanned = ProposalPlan & {
  /** What lies in the folder and is no document of the registry. */
  readonly ignored: readonly string[]
}

/** What would become of every file, judged by what is in force at a gateway. @throws Failure without a folder. */
export async function planFolderAt(admin: Admin, root: string): Promise<FolderPlanned> {
  const { files, ignored } = await readFolder(root)
  const read = files.map(readDocument)
  const documents = read.filter((one) => 'folder' in one)
  const broken = read.filter((one) => 'fate' in one)
  const { files: planned, absent } = await planProposals(
    documents,
    await readRegistry(admin),
    admin,
  )
  const all = [...planned, ...broken].sort((a, b) => (a.path < b.path ? -1 : 1))
  const named = new Set(broken.map(({ kind, key }) => `${kind} ${key}`))
  const missing = absent.filter(({ kind, key }) => !named.has(`${kind} ${key}`))
  return { files: all, absent: missing, ignored }
}

async function readFolder(root: string) {
  const folders = Object.keys(FOLDERS)
  const wanted = { folders, ending: '.json', bytesMax: BYTES_MAX, filesMax: FILES_MAX }
  const folder = await readTextFolder(root, wanted).catch((error) => {
    if (!(error instanceof RangeError)) throw error
    throw new Failure(
      2,
      `${root} 里的文件超过 ${FILES_MAX} 个。`,
      `${root} holds more than ${FILES_MAX} files.`,
    )
  })
  if (folder.files.length > 0) return folder
  const known = folders.join('/, ')
  throw new Failure(
    2,
    `${root} 里没有登记文档（应有 ${known}/ 下的 .json）。可用 mianzheng registry export 从网关导出一份。`,
    `${root} holds no registry documents (.json in ${known}/). Make such a folder with "mianzheng registry export".`,
  )
}

function readDocument(file: TextFile): FolderDocument | Planned {
  const { path, name } = file
  const folder = file.folder as FolderName
  const refused = (texts: Bilingual): Planned => ({
    ...{ path, kind: FOLDERS[folder], key: name, fate: 'refused' },
    faults: [{ pointer: '', texts }],
  })
  if ('fault' in file) return refused(FAULTS[file.fault])
  let document: unknown
  try {
    document = JSON.parse(file.text)
  } catch {
    return refused(NOT_JSON)
  }
  if (!isStrictJson(file.text, document)) return refused(NOT_STRICT)
  return { path, folder, name, document }
}
