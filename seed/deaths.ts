import { dayAt, dayNumber, SNAPSHOT_DAY } from './days.ts'
import { below, drawsFrom, STREAM } from './prng.ts'

const FROM = dayNumber('2019-01-01')
const DAYS = dayNumber(SNAPSHOT_DAY) - FROM

/** Whether one of a block's old couple has died, and when: never both. */
export function drawDeath(
  block: number,
  couple: readonly [number, number],
): { readonly at: number; readonly on: string } | undefined {
  const draw = drawsFrom(block, STREAM.death)
  if (draw() >= 0.25) return undefined
  const at = draw() < 0.6 ? couple[0] : couple[1]
  return { at, on: dayAt(FROM + below(draw, DAYS)).iso }
}
