import { Worker } from 'node:worker_threads'

/** Before a thread that ended by itself is followed by another. */
export const AGAIN_MILLIS = 10_000
/** What Node gives a thread unasked is five times as much. */
const LIMITS = { maxOldGenerationSizeMb: 16, stackSizeMb: 1 }

/**
 * A small thread that holds no process open. What it ended by ends nothing else: whoever starts one goes on
 * without it, and sees to that at its `exit`.
 *
 * @param youngMb MiB for what it makes and drops
 */
export function startThread(
  script: URL,
  { youngMb, data }: { readonly youngMb: number; readonly data?: unknown },
): Worker {
  const resourceLimits = { ...LIMITS, maxYoungGenerationSizeMb: youngMb }
  const worker = new Worker(script, { workerData: data, resourceLimits })
  worker.unref()
  worker.on('error', () => {})
  return worker
}
