import type { Command } from 'commander'
import { type Calendar, calendarOf } from '../calendar/calendar.ts'
import { CalendarError } from '../calendar/calendar-error.ts'
import { type Changed, changedDays } from '../calendar/changed.ts'
import { type CalendarDocument, readCalendar } from '../calendar/document.ts'
import { dayWords } from '../calendar/words.ts'
import type { Deps } from '../deps.ts'
import { recordChange } from '../log/change.ts'
import { readBytes, sizeOf } from '../platform/files.ts'
import { openGateway } from '../platform/gateway.ts'
import { print } from '../platform/terminal.ts'
import { applyDocuments } from '../registry/apply.ts'
import { versionOf } from '../registry/calendars.ts'
import { command, configOfGateway, type DataOption, withData, withJson } from './command.ts'
import { type ToOption, upload, uploaderOf, withUpload } from './upload.ts'

const BYTES_MAX = 64 * 1024

type Options = DataOption & ToOption & { readonly json?: boolean }

export function calendarLoadCommand(): Command {
  const made = command(
    'load',
    { zh: '装入一年的放假安排，或其修订', en: 'load a year’s days off, or their amendment' },
    [
      'calendar load 2027.json',
      'calendar load 2027.json --to https://gateway.example --operator-key operator.jwk.json',
    ],
  ).argument('<file>', '一年的日历，写法同 seed/calendar · a year, written as in seed/calendar')
  return withJson(withUpload(withData(made))).action(load)
}

async function load(path: string, options: Options): Promise<void> {
  const document = await readDocument(path)
  if (options.to !== undefined) return loadOverHttp(document, options)
  const gateway = await openGateway(configOfGateway(options))
  try {
    tell(document, await loadInto(gateway.deps, document), options.json)
  } finally {
    await gateway.close()
  }
}

type Loaded = {
  readonly version: string
  /** Of the log; none where this very version was loaded already. */
  readonly entry?: number
  readonly changed: readonly Changed[]
}

/** Recorded before it takes effect; nothing is done where it is loaded already. @throws LogUnavailable. */
async function loadInto(
  { log, store, registry }: Pick<Deps, 'log' | 'store' | 'registry'>,
  document: CalendarDocument,
): Promise<Loaded> {
  const { calendar } = await registry.view()
  const version = await versionOf(document)
  const { year } = document
  if (calendar.years.get(year)?.version === version) return { version, changed: [] }
  const entry = await recordChange(log, { what: 'calendar', id: String(year), hash: version })
  await applyDocuments(store.db, { calendars: [document] }, [])
  await registry.refresh()
  return { version, entry, changed: changedDays(calendar, withYear(calendar, document, version)) }
}

function withYear({ years }: Calendar, document: CalendarDocument, version: string): Calendar {
  const others = [...years.values()].filter((one) => one.document.year !== document.year)
  return calendarOf([...others, { document, version }])
}

/** @throws CalendarError, and the system's error where there is no such file. */
async function readDocument(path: string): Promise<CalendarDocument> {
  if ((await sizeOf(path)) > BYTES_MAX)
    throw new CalendarError('unfit', `${path}: larger than ${BYTES_MAX / 1024} KiB`)
  const text = new TextDecoder().decode(await readBytes(path))
  return readCalendar(parse(path, text))
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new CalendarError('unfit', `${path}: ${(error as Error).message}`)
  }
}

/** A registry upload of one document; the gateway judges it by the same rules and records the upload. */
async function loadOverHttp(document: CalendarDocument, options: Options): Promise<void> {
  const others = ['agencies', 'systems', 'items', 'agreements', 'registers', 'contracts']
  const empty = Object.fromEntries(others.map((name) => [name, []]))
  const body = new TextEncoder().encode(JSON.stringify({ ...empty, calendars: [document] }))
  const to = { path: '/v1/operator/registry', type: 'application/json', body } as const
  const said = await upload(await uploaderOf(options), to)
  const version = await versionOf(document)
  tell(document, { version, entry: Number(said.entry), changed: [] }, options.json)
}

function tell({ year, days }: CalendarDocument, loaded: Loaded, json?: boolean): void {
  const { version, entry, changed } = loaded
  if (json) {
    print(JSON.stringify({ ok: true, year, version, entry, changed }))
    return
  }
  const off = days.filter(({ isOffDay }) => isOffDay).length
  const worked = days.length - off
  if (entry === undefined)
    print(`${year} 年已是这一版本，没有改变。This version of ${year} was loaded before.`)
  else {
    print(`已装入 ${year} 年：放假 ${off} 天，调休上班 ${worked} 天；日志第 ${entry} 号记载此事。`)
    print(`Loaded ${year}: ${off} days off, ${worked} weekend days worked; entry ${entry} says so.`)
  }
  print(`版本 version ${version}`)
  if (changed.length === 0) return
  print('与原来不同的日子（在办的时限须重算）· days that differ: clocks over them count anew')
  for (const { date, after } of changed) {
    const { zh, en } = dayWords(date)
    const [now, so] = after === 'MAKE_UP_DAY' || after === 'WORKING_DAY' ? WORKED : OFF
    print(`  ${date} ${zh}：改为${now} · ${en}: now ${so}`)
  }
}

const WORKED = ['上班', 'worked'] as const
const OFF = ['休息', 'off'] as const
