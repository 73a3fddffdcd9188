import fc from 'fast-check'
import { expect, test } from 'vitest'
import { together } from '../../src/storage/together.ts'

const pause = () => new Promise((resolve) => setTimeout(resolve, 1))

test('whoever asks gets his own answer, however the questions are put together', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(50), { maxLength: 600 }), fc.nat(5), async (keys, gaps) => {
      let asked = 0
      const ask = together(async (some: readonly number[]) => {
        asked += 1
        expect(some.length).toBeLessThanOrEqual(256)
        await pause()
        return some.map((key) => (key % 2 ? key * 10 : undefined))
      })
      const answers = keys.map(async (key, i) => {
        if (gaps > 0 && i % gaps === 0) await pause()
        return ask(key)
      })
      expect(await Promise.all(answers)).toEqual(
        keys.map((key) => (key % 2 ? key * 10 : undefined)),
      )
      expect(asked).toBeLessThanOrEqual(Math.max(1, keys.length))
    }),
    { numRuns: 50 },
  )
})

test('a lone question is asked at once, those behind it share the next', async () => {
  const asked: number[][] = []
  const ask = together(async (keys: readonly number[]) => {
    asked.push([...keys])
    await pause()
    return keys
  })
  await Promise.all([1, 2, 3, 4].map((key) => ask(key)))
  expect(asked).toEqual([[1], [2, 3, 4]])
})

test('a question that fails fails for those who shared it, and for nobody else', async () => {
  const ask = together(async (keys: readonly string[]) => {
    await pause()
    if (keys.includes('bad')) throw new Error('no')
    return keys
  })
  const settled = await Promise.allSettled([ask('first'), ask('bad'), ask('good')])
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected'])
  expect(await ask('again')).toBe('again')
})
