import { z } from 'zod'
import { CalendarError } from './calendar-error.ts'
import { weekdayOf } from './day.ts'

const DAYS_MAX = 120
const FAULTS_SHOWN = 20
const day = z.iso.date()

/** A notice of the State Council's office, and whether its text was read whole. */
const paper = z.strictObject({
  title: z.string().min(1).max(200),
  /** 发文字号. */
  number: z.string().min(1).max(100),
  issued: day,
  url: z.url({ protocol: /^https?$/ }),
  mark: z.enum(['read', 'excerpt', 'unverified']),
})

/** A day that the notice names: off, or worked although it is a weekend (调休). */
const namedDay = z.strictObject({
  date: day,
  isOffDay: z.boolean(),
  name: z.string().min(1).max(40),
})

/**
 * One year's calendar, as its notices arrange it and the gateway's city works by it. Where a notice is
 * amended, the year is loaded again with both papers. A notice may also name days of the December before
 * (as the one for 2019 did): the later year's word counts for them.
 */
export const calendarSchema = z
  .strictObject({
    year: z.int().min(2000).max(2100),
    papers: z.array(paper).min(1).max(10),
    /** The last day of the year that is known; what lies behind it is not counted. */
    coverageEnd: day,
    /** When the agencies' business ends: a due day ends with it (民法典 art. 203); 24:00 where it never does. */
    closeOfBusiness: z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/),
    days: z.array(namedDay).max(DAYS_MAX),
  })
  .superRefine((calendar, context) => {
    for (const { path, message } of faultsOf(calendar))
      context.addIssue({ code: 'custom', path: [...path], message })
  })

/** The holidays of all citizens (全国年节及纪念日放假办法 art. 2): a year without one of them was not entered whole. */
const HOLIDAYS = ['元旦', '春节', '清明节', '劳动节', '端午节', '中秋节', '国庆节']
/** Those of fixed date (the same article). */
const FIXED = ['01-01', '05-01', '10-01', '10-02', '10-03']

type Shape = {
  readonly year: number
  readonly coverageEnd: string
  readonly days: readonly z.infer<typeof namedDay>[]
}
type Fault = { readonly path: readonly (string | number)[]; readonly message: string }

/** A slip of one digit, or half a year, would shift due dates and nobody would see it. */
function faultsOf({ year, coverageEnd, days }: Shape): Fault[] {
  const faults: Fault[] = []
  const from = `${year - 1}-12-01`
  if (!coverageEnd.startsWith(`${year}-`))
    faults.push({ path: ['coverageEnd'], message: `not in ${year}` })
  for (const [i, { date, isOffDay }] of days.entries()) {
    const path = ['days', i, 'date']
    if (date < from || date > coverageEnd)
      faults.push({ path, message: `${date} is not between ${from} and coverageEnd` })
    if (date <= (days[i - 1]?.date ?? ''))
      faults.push({ path, message: `${date} does not come after the day before it` })
    if (!isOffDay && weekdayOf(date) < 6)
      faults.push({ path, message: `${date} is no Saturday or Sunday: it is worked anyway` })
  }
  const off = days.filter(({ isOffDay, date }) => isOffDay && date.startsWith(`${year}-`))
  const fixed = FIXED.map((one) => `${year}-${one}`).filter((one) => one <= coverageEnd)
  const unnamed = HOLIDAYS.filter((one) => !off.some(({ name }) => name.includes(one)))
  const missing = [
    ...(coverageEnd === `${year}-12-31` ? unnamed : []),
    ...fixed.filter((one) => !off.some(({ date }) => date === one)),
  ]
  if (missing.length > 0)
    faults.push({ path: ['days'], message: `no day off for ${missing.join(', ')}` })
  return faults
}

export type CalendarDocument = z.infer<typeof calendarSchema>

/** @throws CalendarError `unfit` naming the places. */
export function readCalendar(input: unknown): CalendarDocument {
  const read = calendarSchema.safeParse(input)
  if (read.success) return read.data
  const lines = read.error.issues.map(({ path, message }) => `${path.join('/')}: ${message}`)
  throw new CalendarError('unfit', lines.slice(0, FAULTS_SHOWN).join('\n'))
}
