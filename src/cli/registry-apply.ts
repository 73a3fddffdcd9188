import type { Command } from 'commander'
import { print, progress, tint } from '../platform/terminal.ts'
import type { Planned } from '../proposal/from-folder.ts'
import { type Admin, type AdminOption, adminOf, withAdmin } from './admin.ts'
import { command, withJson } from './command.ts'
import { foundBad } from './failure.ts'
import { planFolderAt } from './registry-folder.ts'
import { printPlan } from './registry-plan.ts'
import { type Outcome, propose } from './registry-propose.ts'
import { shown } from './shown.ts'
import { tableText } from './table.ts'

type Options = AdminOption & { readonly json?: boolean }
type Applied = Outcome & Pick<Planned, 'path' | 'kind' | 'key'>

export function applyCommand(): Command {
  const made = command(
    'apply',
    {
      zh: '把文件夹里的新增与变更各提出一件变更并提交，由第二人同意后生效；可重复执行',
      en: 'open and submit one proposal for each new or changed file; a second person decides; may be repeated',
    },
    ['registry apply registry/', 'registry apply registry/ --gateway https://gateway.example'],
  ).argument(
    '<folder>',
    '登记文件夹，先用 registry plan 看 · the folder; look at it with registry plan first',
  )
  return withJson(withAdmin(made)).action(async (folder: string, options: Options) => {
    const admin = await adminOf(options)
    const plan = await planFolderAt(admin, folder)
    if (!options.json) printPlan(plan)
    const applied: Applied[] = []
    try {
      await proposeAll(admin, plan.files, applied)
    } finally {
      // What was done is told, also where the rest was cut off: the same command goes on from there.
      tell(applied, options)
    }
    const isGood = plan.files.every(({ fate }) => fate !== 'refused') && applied.every(isDone)
    if (!isGood) throw foundBad()
  })
}

async function proposeAll(
  admin: Admin,
  files: readonly Planned[],
  applied: Applied[],
): Promise<void> {
  const changing = files.flatMap(({ path, kind, key, opening }) =>
    opening ? [{ path, kind, key, opening }] : [],
  )
  const shown = progress('提出变更 proposing')
  try {
    for (const { opening, ...file } of changing) {
      applied.push({ ...file, ...(await propose(admin, opening)) })
      shown.update(applied.length, changing.length)
    }
  } finally {
    shown.stop()
  }
}

const isDone = ({ outcome }: Outcome) => outcome === 'proposed' || outcome === 'already'

const WORDS: Readonly<Record<Outcome['outcome'], string>> = {
  proposed: '已提出 proposed',
  already: '早已提出 already proposed',
  draft: '草稿，待补 draft, to be completed',
  returned: '被退回 returned',
  taken: '另有变更 another is under way',
  refused: '未受理 refused',
}

const WIDTHS = [34, 56, 40]

function tell(applied: readonly Applied[], { json }: Options): void {
  if (json) print(JSON.stringify({ ok: applied.every(isDone), files: applied }))
  else if (applied.length > 0)
    print(
      tableText(
        ['文件 File', '结果 Outcome', '变更 Proposal'],
        applied.map(({ path, outcome, proposal = '', said }) => [
          shown(path),
          `${WORDS[outcome]}${said ? `\n${said.zh}\n${tint('dim', said.en)}` : ''}`,
          proposal,
        ]),
        WIDTHS,
      ),
    )
}
