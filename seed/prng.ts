/** A small deterministic stream of numbers in [0, 1): the same seed, the same city, on every machine. */
export type Draw = () => number

const UINT32 = 4_294_967_296

/** mulberry32 over a mixed seed, so that neighbouring seeds share nothing. */
export function drawsFrom(seed: number, stream: number): Draw {
  let state = mix(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b))
  return () => {
    state = (state + 0x6d2b79f5) | 0
    return (mix(state) >>> 0) / UINT32
  }
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
