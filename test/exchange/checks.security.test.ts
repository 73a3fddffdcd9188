import { afterEach, describe, expect, test } from 'vitest'
import { checkWholeLog, ISSUER, openTestGateway } from '../harness.ts'
import { expectNoLeak } from '../leaks.ts'
import { ROUTES, UNATTRIBUTED } from './unattributed.ts'

afterEach(checkWholeLog)

describe('who cannot be known leaves no record, and is told what is wrong', () => {
  test.each([...UNATTRIBUTED, ...ROUTES])('$code when $when', async (one) => {
    const gateway = await openTestGateway()
    const size = gateway.size()
    const reply = await one.refuse(gateway)
    expect(reply.problem).toMatchObject({
      type: `${ISSUER}/problems/${one.code}`,
      code: one.code,
      status: one.status,
      party: one.party,
      retryable: false,
    })
    expect(reply.status).toBe(one.status)
    expect(reply.problem).not.toHaveProperty('signed')
    expect(reply.index).toBeUndefined()
    expect(gateway.size()).toBe(size)
    expect(gateway.calls.provider).toBe(0)
    expect(reply.headers.has('www-authenticate')).toBe(one.status === 401)
    expectNoLeak(reply.text, gateway.dir)
  })
})
