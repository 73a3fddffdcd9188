import { type Calendar, type DayKind, dayOf, isWorked } from './calendar.ts'
import { CalendarNotLoaded } from './calendar-error.ts'

/** A day that was worked and is not any more, or the other way round. */
export type Changed = { readonly date: string; readonly before: DayKind; readonly after: DayKind }

/** What another calendar means for days that both cover: due dates counted over them are other ones now. */
export function changedDays(before: Calendar, after: Calendar): readonly Changed[] {
  const dates = new Set([...before.named.keys(), ...after.named.keys()])
  return [...dates].sort().flatMap((date) => {
    const [old, now] = [kindIn(before, date), kindIn(after, date)]
    const isSame = !old || !now || isWorked({ kind: old }) === isWorked({ kind: now })
    return isSame ? [] : [{ date, before: old, after: now }]
  })
}

/** Undefined where nothing covers it. */
function kindIn(calendar: Calendar, date: string): DayKind | undefined {
  try {
    return dayOf(calendar, date).kind
  } catch (error) {
    if (error instanceof CalendarNotLoaded) return undefined
    throw error
  }
}
