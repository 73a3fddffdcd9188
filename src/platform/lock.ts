import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { type Config, ConfigError } from '../config.ts'
import { makeFolder } from './files.ts'
import { holdStart } from './postgres.ts'

/**
 * Holds a data folder for one serving process: quotas and retries are counted in its memory. The lock is
 * SQLite's own, on a file beside the database, so the system gives it back however the process ends.
 * Commands that only append (erase, import) need no such lock.
 *
 * @throws ConfigError when another process serves the folder, or nothing can be written there.
 */
export function holdFolder(dataDir: string): { release(): void } {
  let lock: Database.Database | undefined
  try {
    makeFolder(dataDir)
    lock = new Database(join(dataDir, 'serving.lock'), { timeout: 0 })
    lock.exec('BEGIN EXCLUSIVE')
  } catch (cause) {
    lock?.close()
    throw folderFault(dataDir, cause)
  }
  const held = lock
  return { release: () => held.close() }
}

function folderFault(dataDir: string, cause: unknown): ConfigError {
  const code = String((cause as NodeJS.ErrnoException).code)
  if (code.startsWith('SQLITE_BUSY'))
    return new ConfigError(`Another gateway serves ${dataDir}: stop it, or use another DATA_DIR.`, {
      cause,
      zh: `另一个网关正在使用 ${dataDir}：请停掉它，或另设 DATA_DIR。`,
    })
  return new ConfigError(
    `The data folder ${dataDir} cannot be made or written to (${code}): check DATA_DIR, its owner and permissions.`,
    { cause, zh: `数据目录 ${dataDir} 不能建立或写入（${code}）：请检查 DATA_DIR、属主与权限。` },
  )
}

/**
 * What a process holds while it starts and serves: its folder for as long as it lives, or the turn to
 * start among nodes that share a database.
 */
export async function holdPlace({
  dataDir,
  databaseUrl,
}: Pick<Config, 'dataDir' | 'databaseUrl'>): Promise<{
  started(): Promise<void>
  release(): Promise<void>
}> {
  if (databaseUrl === undefined) {
    const held = holdFolder(dataDir)
    return { started: async () => {}, release: async () => held.release() }
  }
  const turn = await holdStart(databaseUrl)
  return { started: turn.release, release: turn.release }
}

const TRIES = 50
const TRY_MILLIS = 100

/**
 * Holds the key files for one change: two commands at once would each write a ring without the other's key.
 *
 * @throws SqliteError SQLITE_BUSY when another command holds them for longer than five seconds.
 */
export async function holdKeys(dataDir: string): Promise<{ release(): void }> {
  for (let tries = 1; ; tries++) {
    const lock = new Database(join(dataDir, 'keys.lock'), { timeout: 0 })
    try {
      lock.exec('BEGIN EXCLUSIVE')
      return { release: () => lock.close() }
    } catch (error) {
      lock.close()
      const { code } = error as { code?: string }
      if (!code?.startsWith('SQLITE_BUSY') || tries === TRIES) throw error
    }
    await pause(TRY_MILLIS)
  }
}
