import type { Store } from '../src/storage/store.ts'
import type { TestGateway } from './harness.ts'

/** Puts something between the log and its engine. */
export function wrapAppend(
  { deps }: TestGateway,
  wrap: (append: Store['append']) => Store['append'],
): () => void {
  const store = deps.store as { append: Store['append'] }
  const { append } = store
  store.append = wrap(append)
  return () => {
    store.append = append
  }
}
