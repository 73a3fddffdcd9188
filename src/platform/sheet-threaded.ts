import type { Worker } from 'node:worker_threads'
import type { Deps } from '../deps.ts'
import { UNPACKS_TOO_LARGE, wrong } from '../registry/sheet/opened.ts'
import { startThread } from './thread.ts'

/** MiB: 200,000 cells of text, about as many as a workbook at its limit has, take 140 to 160. */
const MEMORY = { youngMb: 16, oldMb: 192 }
/** A workbook at its limit takes a few seconds on a slow machine. */
const PATIENCE_MILLIS = 15_000

/**
 * Uploaded files are each read by a thread of their own: a workbook takes seconds, and as much memory as it
 * likes, which nobody who asks for a verification is to wait for or to lose. What takes too much of either
 * is an answer to whoever sent it.
 *
 * The returned function rejects with what the reader itself failed by.
 */
export function sheetOpener(
  start: (bytes: Uint8Array) => Worker = startWorker,
  patienceMillis = PATIENCE_MILLIS,
): Deps['openSheet'] {
  return (bytes) =>
    new Promise((resolve, reject) => {
      const worker = start(bytes)
      worker.ref()
      const timer = setTimeout(() => worker.terminate(), patienceMillis)
      worker.once('message', resolve)
      worker.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve({ wrong: UNPACKS_TOO_LARGE })
        else reject(error)
      })
      worker.once('exit', () => {
        clearTimeout(timer)
        // Without a word it was stopped.
        resolve(
          wrong(
            '读取文件用时太久；请分成几个较小的文件',
            'Reading the file takes too long; divide it',
          ),
        )
      })
    })
}

function startWorker(data: Uint8Array): Worker {
  return startThread(new URL('./sheet-thread.ts', import.meta.url), { ...MEMORY, data })
}
