import { parentPort } from 'node:worker_threads'
import { type Key, work } from './jws-work.ts'

/** Keys come before the first text that needs them, and go when nobody holds them any more. */
export type Told = {
  readonly keys: readonly (readonly [number: number, key: Key])[]
  readonly gone: readonly number[]
  readonly texts: readonly (readonly [key: number, text: string])[]
}

/**
 * The thread that verifies and signs. It says that it is there, without a result; then each message is answered
 * by one, its results in the order of its texts.
 */
const held = new Map<number, Key>()

parentPort?.on('message', ({ keys, gone, texts }: Told) => {
  for (const [number, key] of keys) held.set(number, key)
  for (const number of gone) held.delete(number)
  parentPort?.postMessage(texts.map(([number, text]) => work(held.get(number) as Key, text)))
})

parentPort?.postMessage([])
