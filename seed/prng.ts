/** A small deterministic stream of numbers in [0, 1): the same seed, the same city, on every machine. */
export type Draw = () => number

/** One stream for each matter, so that a change in one leaves all others as they were. */
export const STREAM = {
  people: 0,
  household: 1,
  marriage: 2,
  realEstate: 3,
  enterprise: 4,
  death: 5,
  migrant: 6,
  work: 7,
  pension: 8,
  medical: 9,
  housingFund: 10,
  tax: 11,
  qualification: 12,
  enrolment: 13,
  vaccination: 14,
  birth: 15,
  adoption: 16,
  cremation: 17,
  ethnicity: 18,
  lowIncome: 19,
  disability: 20,
  veteran: 21,
  senior: 22,
  health: 23,
  driving: 24,
  vehicle: 29,
  document: 25,
  profession: 26,
  food: 27,
  construction: 28,
} as const

const UINT32 = 4_294_967_296

/** mulberry32 over a mixed seed, so that neighbouring seeds share nothing. */
export function drawsFrom(seed: number, stream: number): Draw {
  let state = mix(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b))
  return () => {
    state = (state + 0x6d2b79f5) | 0
    return (mix(state) >>> 0) / UINT32
  }
}

/** The draws of one person about one matter: `at` is the person's place in the block, below 16. */
export function drawsFor(block: number, at: number, stream: number): Draw {
  return drawsFrom(block * 16 + at, stream)
}

/** A whole number from 0 to `count` − 1. */
export function below(draw: Draw, count: number): number {
  return Math.floor(draw() * count)
}

export function pick(draw: Draw, pool: readonly string[]): string {
  return pool[below(draw, pool.length)] ?? ''
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 15), value | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return mixed ^ (mixed >>> 14)
}
