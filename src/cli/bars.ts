import type { Steps } from '../platform/copy.ts'
import { type Progress, progress } from '../platform/terminal.ts'

/** Progress of a copy: first its rows, then the entries that are checked. */
export function bars(): { readonly steps: Steps; stop(): void } {
  let shown: { readonly label: string; readonly bar: Progress } | undefined
  const show = (label: string) => (done: number, total: number) => {
    if (shown?.label !== label) {
      shown?.bar.stop()
      shown = { label, bar: progress(label) }
    }
    shown.bar.update(done, total)
  }
  const steps = { onRows: show('复制 copying'), onEntries: show('核对日志 checking') }
  return { steps, stop: () => shown?.bar.stop() }
}
