import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { gathering } from '../../src/log/gathering.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Milliseconds until a batch is together, `undefined` where it is not within a second. */
async function together(company: ReturnType<typeof gathering>): Promise<number | undefined> {
  let isTogether = false
  void company.gather().then(() => {
    isTogether = true
  })
  for (let waited = 0; waited <= 1000; waited++) {
    await vi.advanceTimersByTimeAsync(0)
    if (isTogether) return waited
    await vi.advanceTimersByTimeAsync(1)
  }
  return undefined
}

describe('a batch', () => {
  test('of whoever is alone is together at once, and the next one too', async () => {
    const company = gathering(() => false)
    expect(await together(company)).toBe(0)
    company.ended(1, 0)
    expect(await together(company)).toBe(0)
  })

  test('waits for everybody who announced himself, and no longer', async () => {
    const company = gathering(() => false)
    const [first, second] = [company.expect(), company.expect()]
    setTimeout(first, 2)
    setTimeout(() => {
      second()
      second()
    }, 5)
    expect(await together(company)).toBe(5)
  })

  test('waits eight milliseconds at the most for who does not come', async () => {
    const company = gathering(() => false)
    company.expect()
    expect(await together(company)).toBe(8)
  })

  test('follows a shared commit by eight milliseconds: who comes one by one shares the next', async () => {
    const company = gathering(() => false)
    company.ended(2, 0)
    expect(await together(company)).toBe(8)
    expect(await together(company)).toBe(0)
  })

  test.each([
    { own: 10, others: 10, millis: 16 },
    { own: 10, others: 30, millis: 32 },
    { own: 1, others: 4000, millis: 32 },
    { own: 30, others: 10, millis: 10 },
  ])('leaves other nodes their turns: $own of its own after $others', async (commit) => {
    const company = gathering(() => false)
    company.ended(commit.own, commit.others)
    expect(await together(company)).toBe(commit.millis)
  })

  test('that is full waits for nobody and nothing', async () => {
    let isFull = false
    const company = gathering(() => isFull)
    company.ended(100, 300)
    company.expect()
    const arrived = company.expect()
    setTimeout(() => {
      isFull = true
      arrived()
    }, 3)
    expect(await together(company)).toBe(3)
    expect(await together(company)).toBe(0)
  })
})
