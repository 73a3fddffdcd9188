import type { Command } from 'commander'
import type { Calendar, CalendarYear } from '../calendar/calendar.ts'
import { CalendarNotLoaded } from '../calendar/calendar-error.ts'
import { addDays } from '../calendar/day.ts'
import type { CalendarDocument } from '../calendar/document.ts'
import { dayWords, holidayWords } from '../calendar/words.ts'
import { openGateway } from '../platform/gateway.ts'
import { print, tint } from '../platform/terminal.ts'
import {
  type Bilingual,
  command,
  configOfGateway,
  type DataOption,
  withData,
  withJson,
} from './command.ts'
import { Failure } from './failure.ts'
import { tableText } from './table.ts'

type Options = DataOption & { readonly json?: boolean }

export function calendarShowCommand(): Command {
  const made = command(
    'show',
    {
      zh: '查看已装入的年份，或一年的放假调休',
      en: 'the years that are loaded, or one year’s days',
    },
    ['calendar show', 'calendar show 2026', 'calendar show --json'],
  ).argument('[year]', '年份 · year')
  return withJson(withData(made)).action(async (year: string | undefined, options: Options) => {
    const wanted = year === undefined ? undefined : readYear(year)
    const gateway = await openGateway(configOfGateway(options))
    try {
      show((await gateway.deps.registry.view()).calendar, wanted, options.json)
    } finally {
      await gateway.close()
    }
  })
}

function readYear(text: string): number {
  if (/^\d{4}$/.test(text)) return Number(text)
  throw new Failure(2, `不是年份：${text}`, `Not a year: ${text}`)
}

/** @throws CalendarNotLoaded for a year that is not there. */
function show({ years }: Calendar, year: number | undefined, json?: boolean): void {
  const shown = [...years.values()].filter(
    ({ document }) => year === undefined || document.year === year,
  )
  if (year !== undefined && shown.length === 0) throw new CalendarNotLoaded(year)
  if (json)
    print(
      JSON.stringify({
        ok: true,
        years: shown.map(({ document, version }) => ({ version, document })),
      }),
    )
  else if (year === undefined) list(shown)
  else for (const one of shown) detail(one)
}

function list(years: readonly CalendarYear[]): void {
  if (years.length === 0) {
    print('还没有装入任何一年：mianzheng calendar load seed/calendar/2026.json')
    print('No year is loaded yet: mianzheng calendar load seed/calendar/2026.json')
    return
  }
  const rows = years.map(({ document: { year, coverageEnd, papers, days }, version }) => {
    const off = days.filter(({ isOffDay }) => isOffDay).length
    const from = papers.map(({ number }) => number).join('\n')
    return [year, coverageEnd, off, days.length - off, from, version.slice(0, 12)]
  })
  print(
    tableText(
      ['年 Year', '止于 To', '放假 Off', '调休上班 Worked', '依据 Source', '版本 Version'],
      rows,
    ),
  )
}

function detail({ document, version }: CalendarYear): void {
  const { year, papers, closeOfBusiness, coverageEnd, days } = document
  print(tint('bold', `${year} 年工作日历 · working days of ${year}`))
  for (const { title, number, issued, url } of papers)
    print(`  ${title}（${number}，${issued}）\n  ${url}`)
  print(`  止于 covered to ${coverageEnd}；下班 close of business ${closeOfBusiness}`)
  print(`  版本 version ${version}`)
  const rows = stretchesOf(days).map(({ from, to, isOffDay, name }) => {
    const holiday = holidayWords(name)
    const [first, last] = [from, to].map((date) => dayWords(date, `${year}-01-01`)) as [
      Bilingual,
      Bilingual,
    ]
    const range = (one: string, other: string) => (from === to ? one : `${one} – ${other}`)
    return [
      `${range(first.zh, last.zh)}\n${tint('dim', range(first.en, last.en))}`,
      isOffDay ? '放假 off' : '上班 worked',
      `${holiday.zh}\n${tint('dim', holiday.en)}`,
    ]
  })
  print(tableText(['日期 Days', '', '节日 Holiday'], rows))
}

type NamedDay = CalendarDocument['days'][number]
type Stretch = Omit<NamedDay, 'date'> & { readonly from: string; readonly to: string }

/** Days in a row that are told of in one line. */
function stretchesOf(days: readonly NamedDay[]): readonly Stretch[] {
  const stretches: Stretch[] = []
  for (const { date, isOffDay, name } of days) {
    const last = stretches.at(-1)
    if (last?.name === name && last.isOffDay === isOffDay && addDays(last.to, 1) === date)
      stretches.splice(-1, 1, { ...last, to: date })
    else stretches.push({ from: date, to: date, isOffDay, name })
  }
  return stretches
}
