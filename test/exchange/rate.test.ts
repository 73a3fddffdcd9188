import { expect, test } from 'vitest'
import { rateLimiter } from '../../src/exchange/rate.ts'

const NOW = 1_000_000
const system = { id: 'caller', rate: { perSecond: 50, burst: 100 } }

/** A bucket that nodes share, holding so many tokens; says how often it was asked. */
function bucketOf(tokens: number) {
  const asked = { times: 0, left: tokens }
  const borrow = async (_: string, __: unknown, want: number) => {
    asked.times += 1
    await new Promise((resolve) => setTimeout(resolve, 1))
    const granted = Math.min(want, asked.left)
    asked.left -= granted
    return granted
  }
  return { asked, shared: { patienceMillis: 0, now: async () => NOW, borrow } }
}

test('what is borrowed and not spent lapses', async () => {
  const { asked, shared } = bucketOf(100)
  const limiter = rateLimiter('request', shared)
  expect(await limiter.take(system, NOW)).toBe(0)
  const { left } = asked
  expect(await limiter.take(system, NOW + 1000)).toBe(0)
  expect(asked.left).toBeLessThan(left)
})

test.each([1, 2, 3, 4, 5, 6])(
  'whoever waited while its node stood still is not refused because another came %i turns after the filling',
  async (turns) => {
    const filling = Promise.withResolvers<number>()
    const fillings = [filling.promise]
    const borrow = (_: string, __: unknown, want: number) => fillings.pop() ?? Promise.resolve(want)
    const limiter = rateLimiter('request', { patienceMillis: 0, now: async () => NOW, borrow })
    const first = limiter.take(system, NOW)
    filling.resolve(5)
    for (let turn = 0; turn < turns; turn++) await undefined
    const later = limiter.take(system, NOW + 10_000)
    expect(await Promise.all([first, later])).toEqual([0, 0])
  },
)
