/** `unfit`: no document of a year's calendar. `limit`: a limit, a stop or an extension that cannot be counted. */
export class CalendarError extends Error {
  override readonly name = 'CalendarError'
  readonly code: 'unfit' | 'limit'

  constructor(code: 'unfit' | 'limit', message: string) {
    super(message)
    this.code = code
  }
}

/**
 * A day was asked for that no loaded calendar covers. It is never guessed: next year's days off are not known
 * before the State Council's notice, which comes each November.
 */
export class CalendarNotLoaded extends Error {
  override readonly name = 'CalendarNotLoaded'
  readonly year: number
  readonly zh: string

  /** @param coveredTo where a part of that year is loaded. */
  constructor(year: number, coveredTo?: string) {
    const command = `mianzheng calendar load ${year}.json`
    super(
      `The calendar of ${year} is ${coveredTo ? `loaded to ${coveredTo} only` : 'not loaded'}, and no day is guessed: ${command}`,
    )
    this.year = year
    this.zh = `${year} 年工作日历${coveredTo ? `只装到 ${coveredTo}` : '尚未装入'}，不推算日期。请在通知公布后运行 ${command}。`
  }
}
