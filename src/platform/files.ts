import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const PRIVATE_FOLDER = 0o700

/**
 * Makes a folder and those above it, private to this user. Node's own recursive mkdir never returns where
 * the system denies a folder by ENOENT, as in /proc. @throws the system's error.
 */
export function makeFolder(path: string): void {
  const whole = resolve(path)
  if (existsSync(whole)) return
  makeFolder(dirname(whole))
  try {
    mkdirSync(whole, { mode: PRIVATE_FOLDER })
  } catch (error) {
    // Made by somebody else meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** Undefined when there is no such file; every other fault is thrown. */
export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Replaces a file whole: after a crash there is the old one or the new one, durable in its folder.
 * Readers only ever see complete content.
 */
export async function writeDurably(
  path: string,
  content: string | Uint8Array,
  mode = 0o644,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${randomUUID()}.tmp`
  const file = await open(draft, 'wx', mode)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
  await syncFolder(dirname(path))
}

/** Creates a file, durable in its folder. @returns false, and nothing is touched, when there is one. */
export async function createDurably(path: string, text: string, mode: number): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true })
  try {
    const file = await open(path, 'wx', mode)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
  await syncFolder(dirname(path))
  return true
}

/** Gives a complete folder its name, private to this user; durable when it resolves. */
export async function moveFolder(from: string, to: string): Promise<void> {
  await chmod(from, PRIVATE_FOLDER)
  await rename(from, to)
  await syncFolder(dirname(to))
}

/** New names in a folder are durable when it resolves. */
export async function syncFolder(path: string): Promise<void> {
  // Windows has no handle on a folder; there the rename itself is journalled.
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** @throws ENOENT and the like. */
export async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(path))
}

/** In bytes. */
export async function sizeOf(path: string): Promise<number> {
  return (await stat(path)).size
}

export function temporaryFolder(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `${name}-`))
}

export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true })
}
