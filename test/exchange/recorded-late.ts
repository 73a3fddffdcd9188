import { ProviderFailure } from '../../src/connector/connector.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import type { Options, TestGateway } from '../harness.ts'
import type { RecordedCase } from './recorded.ts'

const marriage = claimsOf('family-4-marriage')

/** Checks 15 to 17, and faults of our own: the request itself was in order. */
export const LATE: readonly RecordedCase[] = [
  {
    code: 'quota',
    when: 'the day has one answer and it was given',
    status: 429,
    party: 'authority',
    calls: 1,
    refuse: async (gateway) => {
      await gateway.amend('agreement', 'housing-mar', { dailyQuota: 1 })
      await gateway.ask(HOUSING, marriage)
      return gateway.ask(HOUSING, marriage)
    },
  },
  {
    code: 'rate',
    when: 'the second request comes before the bucket has a token again',
    status: 429,
    party: 'caller',
    calls: 1,
    refuse: async (gateway) => {
      await gateway.amend('system', HOUSING, { rate: { perSecond: 0.1, burst: 1 } })
      await gateway.ask(HOUSING, marriage)
      return gateway.ask(HOUSING, marriage)
    },
  },
  {
    code: 'probing',
    when: 'an eleventh date is guessed for one marriage',
    status: 429,
    party: 'caller',
    calls: 10,
    refuse: async (gateway) => {
      for (let day = 10; day < 20; day++) await guessDate(gateway, `2005-03-${day}`)
      return guessDate(gateway, '2005-03-20')
    },
  },
  {
    code: 'provider-down',
    when: 'the provider cannot be reached',
    status: 503,
    party: 'provider',
    calls: 1,
    options: { provider: failing(() => new ProviderFailure('down', 'ECONNREFUSED 10.9.8.7:5432')) },
    refuse: (gateway) => gateway.ask(HOUSING, marriage),
  },
  {
    code: 'provider-down',
    when: 'the connector breaks in a way that nobody foresaw',
    status: 503,
    party: 'provider',
    calls: 1,
    options: { provider: failing(() => new TypeError("reading 'rows' of undefined")) },
    refuse: (gateway) => gateway.ask(HOUSING, marriage),
  },
  {
    code: 'provider-timeout',
    when: 'the provider does not answer in time',
    status: 504,
    party: 'provider',
    calls: 1,
    options: { provider: failing(() => new ProviderFailure('timeout', 'after 5000 ms')) },
    refuse: (gateway) => gateway.ask(HOUSING, marriage),
  },
  {
    code: 'provider-invalid',
    when: 'the provider answers with something else than its contract says',
    status: 502,
    party: 'provider',
    calls: 1,
    options: {
      provider: async ({ ask }) => ({
        outcome: 'ANSWERED',
        asOf: '2026-11-23T00:00:00.000Z',
        source: { register: 'marriage', version: '1' },
        values: new Map(ask.map(({ claim }) => [claim, 'MARRIED TO 990102199001010013'])),
      }),
    },
    refuse: (gateway) => gateway.ask(HOUSING, marriage),
  },
  {
    code: 'internal',
    when: 'the rule engine itself breaks',
    status: 500,
    party: 'gateway',
    options: {
      policy: {
        decide: () => {
          throw new RangeError('WebAssembly memory of policy engine exhausted')
        },
      },
    },
    refuse: (gateway) => gateway.ask(HOUSING, marriage),
  },
]

function guessDate(gateway: TestGateway, date: string) {
  return gateway.ask(HOUSING, { ...marriage, ask: [{ claim: 'regDate', equals: date }] })
}

function failing(error: () => Error): NonNullable<Options['provider']> {
  return () => Promise.reject(error())
}
