import { Worker } from 'node:worker_threads'

export type Checkpointer = { stop(): Promise<void> }

/**
 * Copies the write-ahead log into the database file from a thread of its own. On the main thread such
 * a checkpoint is tens of megabytes of writing and two fsyncs, during which nobody is answered: it was
 * the 99th percentile. If the thread dies, SQLite's own checkpoint (WAL_PAGES) does what is left.
 */
export function checkpointInBackground(
  file: string,
  report: (event: string, fields?: Readonly<Record<string, string | number>>) => void,
): Checkpointer {
  const worker = new Worker(new URL('./checkpoint-thread.ts', import.meta.url), {
    workerData: { file },
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 },
  })
  worker.unref()
  worker.on('error', (error: Error) => report('checkpointer-stopped', { error: error.name }))
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  return {
    // Its connection must be closed before the database is, or a checkpoint could outlive the lock.
    stop: async () => {
      worker.postMessage('stop')
      await ended
    },
  }
}
