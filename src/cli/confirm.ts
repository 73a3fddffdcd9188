import { askYes, isInteractive } from '../platform/terminal.ts'
import { Failure } from './failure.ts'

/** Before what cannot be undone. @throws Failure when it is not confirmed, or nobody can be asked. */
export async function confirm(question: string, yes: boolean | undefined): Promise<void> {
  if (yes) return
  if (!isInteractive())
    throw new Failure(
      2,
      '此操作不可撤销；非交互运行须加 --yes。',
      'This cannot be undone; without a terminal it needs --yes.',
    )
  if (!(await askYes(question)))
    throw new Failure(1, '未确认，什么也没有改变。', 'Not confirmed; nothing was changed.')
}
