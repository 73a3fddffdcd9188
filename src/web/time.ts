const SHANGHAI_OFFSET_MILLIS = 8 * 3_600_000

/** An instant as clocks in Asia/Shanghai show it, to the second: `2026-11-23 10:00:00`. */
export function clockTime(instant: string | number): string {
  const shifted = new Date(new Date(instant).getTime() + SHANGHAI_OFFSET_MILLIS)
  return shifted.toISOString().slice(0, 19).replace('T', ' ')
}
