import { messages } from '../words.ts'

/** How a statutory clock stands, beyond the calendar's own words. */
export const CLOCKS = messages(
  {
    title: '时限',
    from: (start: string) => `自 ${start} 起算`,
    extended: (n: number) => `经同意延长 ${n} 个工作日`,
    stopped: (from: string, to?: string) =>
      to === undefined ? `${from} 起停表` : `${from} 至 ${to} 停表`,
    done: (day: string) => `${day} 办结`,
    late: (day: string) => `超时，${day} 办结`,
    noCalendar: (year: number) => `${year} 年的工作日历尚未装入，时限无法计算`,
  },
  {
    title: 'Time limits',
    from: (start) => `counted from ${start}`,
    extended: (n) => `extended by ${n === 1 ? '1 working day' : `${n} working days`}`,
    stopped: (from, to) =>
      to === undefined ? `stopped since ${from}` : `stopped from ${from} to ${to}`,
    done: (day) => `done on ${day}`,
    late: (day) => `late, done on ${day}`,
    noCalendar: (year) => `The calendar of working days of ${year} is not loaded: no due date`,
  },
)
