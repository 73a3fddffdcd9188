import type { Bilingual } from '../errors.ts'
import { instantOf, weekdayOf } from './day.ts'
import type { TimeLeft } from './left.ts'
import type { Limit } from './limit.ts'
import type { CountedDay, Due } from './trace.ts'

const WEEKDAYS_ZH = ['一', '二', '三', '四', '五', '六', '日']
const WEEKDAYS_EN = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ')
const MONTHS_EN =
  'January February March April May June July August September October November December'.split(' ')

/** The notices' own names; what is not among them is shown as it is written. */
const HOLIDAYS_EN: Readonly<Record<string, string>> = {
  元旦: 'New Year’s Day',
  春节: 'Spring Festival',
  清明节: 'Tomb-Sweeping Day',
  劳动节: 'Labour Day',
  端午节: 'Dragon Boat Festival',
  中秋节: 'Mid-Autumn Festival',
  国庆节: 'National Day',
}

/** A day with its weekday, as people read deadlines; with the year where it is not that of `today`. */
export function dayWords(date: string, today = date): Bilingual {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  const other = date.slice(0, 4) !== today.slice(0, 4)
  const index = weekdayOf(date) - 1
  return {
    zh: `${other ? `${year} 年 ` : ''}${month} 月 ${day} 日 星期${WEEKDAYS_ZH[index]}`,
    en: `${WEEKDAYS_EN[index]} ${day} ${MONTHS_EN[month - 1]}${other ? ` ${year}` : ''}`,
  }
}

export function holidayWords(name: string): Bilingual {
  const parts = name.split('、').map((one) => HOLIDAYS_EN[one] ?? one)
  return { zh: name, en: parts.join(' and ') }
}

/** "还剩 3 个工作日（11 月 26 日 星期四）": never a bare date. */
export function timeLeftWords(left: TimeLeft): Bilingual {
  if (left.state === 'stopped') {
    const amount = amountWords(left.left, left.unit)
    return { zh: `停表中，还剩 ${amount.zh}`, en: `clock stopped, ${amount.en} left` }
  }
  const { workingDays, due, today } = left
  const day = dayWords(due.on, today)
  const at = `${timeOf(due)}`
  const amount = amountWords(workingDays ?? 0, 'WORKING_DAY')
  if (left.state === 'overdue')
    return workingDays
      ? { zh: `已超时 ${amount.zh}（应于 ${day.zh}）`, en: `${amount.en} overdue (due ${day.en})` }
      : { zh: `已超时（应于 ${day.zh} ${at}）`, en: `overdue (due ${day.en}, ${at})` }
  return workingDays === 0
    ? { zh: `今天 ${at} 截止（${day.zh}）`, en: `due today at ${at} (${day.en})` }
    : { zh: `还剩 ${amount.zh}（${day.zh}）`, en: `${amount.en} left (${day.en})` }
}

/** The end of a day is 24:00 of it, not 00:00 of the next. */
function timeOf({ on, at }: Due): string {
  const minutes = Math.floor((at - instantOf(on, '00:00')) / 60_000)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

/** An amount of a limit's unit: "3 个工作日", "1 working day"; a limit itself, too. */
export function amountWords(n: number, unit: Limit['unit']): Bilingual {
  if (unit === 'INSTANT') return { zh: '即时', en: 'at once' }
  const [zh, en] = UNITS[unit]
  return { zh: `${n} ${zh}`, en: `${n} ${en}${n === 1 ? '' : 's'}` }
}

const UNITS = {
  WORKING_DAY: ['个工作日', 'working day'],
  NATURAL_DAY: ['天', 'calendar day'],
  HOUR: ['小时', 'hour'],
} as const

/** What became of one day of a trace, and why. */
export function countedWords({ why, n = 0, name = '' }: CountedDay): Bilingual {
  const holiday = holidayWords(name)
  return {
    START: { zh: '起算之日，不计', en: 'the day it starts, not counted' },
    WORKING_DAY: { zh: `第 ${n} 个工作日`, en: `working day ${n}` },
    MAKE_UP_DAY: {
      zh: `第 ${n} 个工作日（${holiday.zh}调休上班）`,
      en: `working day ${n} (worked for ${holiday.en})`,
    },
    NATURAL_DAY: { zh: `第 ${n} 天`, en: `day ${n}` },
    WEEKEND: { zh: '周末，不计', en: 'weekend, not counted' },
    HOLIDAY: { zh: `${holiday.zh}放假，不计`, en: `day off (${holiday.en}), not counted` },
    STOPPED: { zh: '停表，不计', en: 'clock stopped, not counted' },
    ROLLED_TO: {
      zh: '最后一日是休息日，顺延到这一天',
      en: 'the last day was off: the limit ends here',
    },
  }[why]
}
