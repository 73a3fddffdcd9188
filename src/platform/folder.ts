import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from './files.ts'

/** A file's text or, where there is none to read, why. */
export type TextFile = {
  /** From the folder on, with slashes. */
  readonly path: string
  /** Of the folder within. */
  readonly folder: string
  /** Without its ending. */
  readonly name: string
} & ({ readonly text: string } | { readonly fault: 'too-large' | 'not-utf8' | 'not-a-file' })

export type TextFolder = {
  readonly files: readonly TextFile[]
  /** What lies beside, and was not read: no hidden files. */
  readonly ignored: readonly string[]
}

type Wanted = {
  readonly folders: readonly string[]
  readonly ending: string
  readonly bytesMax: number
  /** @throws RangeError where there are more. */
  readonly filesMax: number
}

/** The files of one kind in certain folders of a folder; a folder that is not there is empty. @throws ENOENT. */
export async function readTextFolder(
  root: string,
  { folders, ending, bytesMax, filesMax }: Wanted,
): Promise<TextFolder> {
  const beside = (await readdir(root)).filter((name) => !folders.includes(name) && isShown(name))
  const files: TextFile[] = []
  const ignored = [...beside]
  for (const folder of folders) {
    const names = (await namesIn(join(root, folder))).filter(isShown).sort()
    for (const file of names) {
      const path = `${folder}/${file}`
      if (!file.endsWith(ending)) {
        ignored.push(path)
        continue
      }
      if (files.length === filesMax) throw new RangeError(`more than ${filesMax} files`)
      const name = file.slice(0, -ending.length)
      files.push({ path, folder, name, ...(await readBounded(join(root, path), bytesMax)) })
    }
  }
  return { files, ignored }
}

const isShown = (name: string) => !name.startsWith('.')

async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

async function readBounded(path: string, bytesMax: number) {
  // A link that leads nowhere is no file either.
  const found = await stat(path).catch(() => undefined)
  if (!found?.isFile()) return { fault: 'not-a-file' } as const
  if (found.size > bytesMax) return { fault: 'too-large' } as const
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path)) }
  } catch (error) {
    if (error instanceof TypeError) return { fault: 'not-utf8' } as const
    throw error
  }
}

/** Writes each file whole, by its path within the folder; what stands there with the same text is left alone. */
export async function writeTextFolder(
  root: string,
  files: readonly { readonly path: string; readonly text: string }[],
): Promise<{ readonly written: readonly string[] }> {
  const written: string[] = []
  for (const { path, text } of files) {
    const whole = join(root, path)
    const before = await readFile(whole, 'utf8').catch(() => undefined)
    if (before === text) continue
    await writeDurably(whole, text)
    written.push(path)
  }
  return { written }
}
