import type { Command } from 'commander'
import { type Code, ERRORS, isRetryable, Refusal } from '../errors.ts'
import { print, tint } from '../platform/terminal.ts'
import { problemOf } from '../problem.ts'
import { command, withJson } from './command.ts'
import { Failure } from './failure.ts'
import { nearest } from './nearest.ts'
import { tableText } from './table.ts'

export function explainCommand(): Command {
  const made = command(
    'explain',
    {
      zh: '解释问题代码，或列出全部',
      en: 'explain a code, or list all',
    },
    ['explain', 'explain no-agreement', 'explain quota --json'],
  ).argument('[code]', '问题代码 · problem code')
  return withJson(made).action((code: string | undefined, { json }: { json?: boolean }) => {
    if (code === undefined) list(json)
    else if (Object.hasOwn(ERRORS, code)) one(code as Code, json)
    else throw unknownCode(code)
  })
}

function one(code: Code, json: boolean | undefined): void {
  const row = { code, ...ERRORS[code], retryable: isRetryable(code) }
  if (json) {
    print(JSON.stringify(row))
    return
  }
  const { detail, en } = problemOf('', new Refusal(code))
  print(`${tint('bold', row.title.zh)}  ${code} · HTTP ${row.status}`)
  print(tint('dim', row.title.en))
  print()
  print(row.meaning.zh)
  print(tint('dim', row.meaning.en))
  print()
  print(`${detail}${row.retryable ? '可原样重发。' : '原样重发无用。'}`)
  print(
    tint('dim', `${en.detail} ${row.retryable ? 'It may be retried' : 'No use retrying'} as is.`),
  )
  print()
  print(`${tint('bold', '怎么办')}  ${row.hint.zh}`)
  print(tint('dim', `What to do: ${row.hint.en}`))
}

function list(json: boolean | undefined): void {
  const rows = Object.entries(ERRORS)
  if (json) {
    const codes = rows.map(([code, row]) => ({
      code,
      ...row,
      retryable: isRetryable(code as Code),
    }))
    print(JSON.stringify({ codes }))
    return
  }
  const table = rows.map(([code, { status, title }]) => [code, status, title.zh, title.en])
  print(tableText(['代码 Code', 'HTTP', '含义', 'Meaning'], table))
}

function unknownCode(code: string): Failure {
  const near = nearest(code, Object.keys(ERRORS))
  const hint = near.length > 0 ? near.join(', ') : 'mianzheng explain'
  return new Failure(2, `没有代码 ${code}。可看：${hint}`, `There is no code ${code}. See: ${hint}`)
}
