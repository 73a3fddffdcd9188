import { afterEach, expect, test } from 'vitest'
import { checkWholeLog, openTestGateway } from '../harness.ts'

afterEach(checkWholeLog)

test('what cannot be attributed is counted for the operator, once a minute, and not logged', async () => {
  const gateway = await openTestGateway()
  const size = gateway.size()
  for (let i = 0; i < 3; i++) await gateway.send('not a jws')
  expect(gateway.reports).not.toContainEqual(expect.objectContaining({ event: 'unattributed' }))
  gateway.wait(60)
  await gateway.send('a.b.c.d')
  const told = { event: 'unattributed', fields: { malformed: 4 } }
  expect(gateway.reports).toContainEqual(told)
  expect(gateway.size()).toBe(size)
})
