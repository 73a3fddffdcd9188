import { Worker } from 'node:worker_threads'

/** Before a thread that ended by itself is followed by another. */
export const AGAIN_MILLIS = 10_000
/** Of what lives long. What Node gives a thread unasked is five times as much of everything. */
const OLD_MB = 16
const STACK_MB = 1

/**
 * A small thread that holds no process open. What it ended by ends nothing else: whoever starts one goes on
 * without it, and sees to that at its `exit`.
 *
 * @param youngMb MiB for what it makes and drops
 * @param oldMb MiB for what it keeps; a thread that needs more ends with ERR_WORKER_OUT_OF_MEMORY
 */
export function startThread(
  script: URL,
  {
    youngMb,
    oldMb = OLD_MB,
    data,
  }: { readonly youngMb: number; readonly oldMb?: number; readonly data?: unknown },
): Worker {
  const resourceLimits = {
    maxYoungGenerationSizeMb: youngMb,
    maxOldGenerationSizeMb: oldMb,
    stackSizeMb: STACK_MB,
  }
  const worker = new Worker(script, { workerData: data, resourceLimits })
  worker.unref()
  worker.on('error', () => {})
  return worker
}
