import { expect, test } from 'vitest'
import { oneByOne } from '../../src/http/one-by-one.ts'

test('work is done one after the other, and failing keeps nobody back', async () => {
  const alone = oneByOne()
  const done: string[] = []
  const first = alone(async () => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    done.push('first')
    throw new Error('the first fails')
  })
  const second = alone(async () => done.push('second'))
  await expect(first).rejects.toThrow('the first fails')
  await second
  expect(done).toEqual(['first', 'second'])
})

test('who comes when too many wait is told to come again, and may once they are done', async () => {
  const alone = oneByOne()
  const gate = Promise.withResolvers<void>()
  const taken = Array.from({ length: 9 }, () => alone(() => gate.promise))
  await expect(alone(async () => 'too many')).rejects.toMatchObject({ code: 'rate' })
  gate.resolve()
  await Promise.all(taken)
  expect(await alone(async () => 'again')).toBe('again')
})
