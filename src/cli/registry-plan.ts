import type { Command } from 'commander'
import { print, remark, tint } from '../platform/terminal.ts'
import type { Planned } from '../proposal/from-folder.ts'
import type { Change } from '../registry/diff.ts'
import { type AdminOption, adminOf, withAdmin } from './admin.ts'
import { command, withJson } from './command.ts'
import { foundBad, foundChanges } from './failure.ts'
import { type FolderPlanned, planFolderAt } from './registry-folder.ts'
import { shown } from './shown.ts'

type Options = AdminOption & { readonly json?: boolean; readonly exitCode?: boolean }

const VALUE_CHARACTERS_MAX = 60
const ABSENT_SHOWN = 10

export function planCommand(): Command {
  const made = command(
    'plan',
    {
      zh: '比较文件夹与网关生效的登记文档，逐个文件说明会怎样；什么也不改',
      en: 'compare a folder with the documents in force, file by file; nothing is changed',
    },
    ['registry plan registry/', 'registry plan registry/ --exit-code --json'],
  )
    .argument(
      '<folder>',
      '登记文件夹 · folder with items/, services/, agreements/, systems/, pledges/',
    )
    .option('--exit-code', '有要提出的变更时以 3 退出 · exit with 3 where something would change')
  return withJson(withAdmin(made)).action(async (folder: string, options: Options) => {
    const plan = await planFolderAt(await adminOf(options), folder)
    const counts = countsOf(plan.files)
    if (options.json) print(JSON.stringify({ ok: counts.refused === 0, counts, ...plan }))
    else printPlan(plan)
    if (counts.refused > 0) throw foundBad()
    if (options.exitCode && counts.new + counts.changed > 0) throw foundChanges()
  })
}

function countsOf(files: readonly Planned[]) {
  const of = (fate: Planned['fate']) => files.filter((one) => one.fate === fate).length
  return {
    ...{ new: of('new'), changed: of('changed') },
    ...{ unchanged: of('unchanged'), refused: of('refused'), foreign: of('foreign') },
  }
}

const SIGNS = {
  new: { word: '新增 new', sign: '+', style: 'green' },
  changed: { word: '变更 changed', sign: '~', style: 'yellow' },
  refused: { word: '拒收 refused', sign: '✗', style: 'red' },
} as const

/** Every file but those that change nothing, and those of other agencies: these are counted. */
export function printPlan(plan: FolderPlanned): void {
  for (const file of plan.files) {
    if (file.fate !== 'unchanged' && file.fate !== 'foreign') {
      const { word, sign, style } = SIGNS[file.fate]
      print(`${tint(style, `${sign} ${word}`)}  ${tint('bold', shown(file.path))}`)
    }
    for (const line of linesOf(file)) print(`    ${line}`)
    for (const { zh, en } of file.remarks ?? [])
      print(`  ${shown(file.path)}：${zh} ${tint('dim', en)}`)
  }
  const counts = countsOf(plan.files)
  print(
    `新增 ${counts.new}，变更 ${counts.changed}，不变 ${counts.unchanged}，拒收 ${counts.refused}。`,
  )
  print(
    tint(
      'dim',
      `${counts.new} new, ${counts.changed} changed, ${counts.unchanged} unchanged, ${counts.refused} refused.`,
    ),
  )
  if (counts.foreign > 0)
    remark(
      `他机关的 ${counts.foreign} 件未比较：您看不到其全部内容。Not compared, since you do not see all of them: ${counts.foreign} of other agencies.`,
    )
  remarkBeside(plan)
}

/** What is no file's fate: told beside the result, since nothing follows from it. */
function remarkBeside({ absent, ignored }: FolderPlanned): void {
  if (ignored.length > 0) remark(`未读取 Not read: ${shortened(ignored)}`)
  if (absent.length === 0) return
  const keys = absent.map(({ kind, key }) => `${kind} ${key}`)
  remark(
    `生效而没有文件的有 ${absent.length} 件，不会因此被撤下。In force without a file; none is removed for that: ${shortened(keys)}`,
  )
}

function shortened(names: readonly string[]): string {
  const more = names.length - ABSENT_SHOWN
  return `${names.slice(0, ABSENT_SHOWN).map(shown).join(', ')}${more > 0 ? ` … +${more}` : ''}`
}

function linesOf(file: Planned): readonly string[] {
  if (file.fate === 'refused')
    return file.faults.map(
      ({ pointer, texts }) =>
        `${pointer === '' ? '' : `${shown(pointer)}  `}${texts.zh}。${tint('dim', `${texts.en}.`)}`,
    )
  return file.fate === 'changed' ? file.diff.map(lineOf) : []
}

function lineOf({ pointer, before, after }: Change): string {
  return `${shown(pointer)}: ${tint('red', brief(before))} → ${tint('green', brief(after))}`
}

/** As JSON on one line. */
function brief(value: unknown): string {
  if (value === undefined) return '∅'
  const text = shown(JSON.stringify(value))
  return text.length > VALUE_CHARACTERS_MAX ? `${text.slice(0, VALUE_CHARACTERS_MAX)}…` : text
}
