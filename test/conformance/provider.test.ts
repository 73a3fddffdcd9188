import { describe, expect, test } from 'vitest'
import type { DeclinedCode } from '../../src/provider/declined.ts'
import { createProvider, type ItemSource, type ProviderTrust } from '../../src/provider/index.ts'
import { payloadOf } from '../caller.ts'
import { trustOf } from '../reply.ts'
import { cutOffEntries, openConformanceGateway } from './gateway.ts'
import { type Expected, readVectors, type State, textOf } from './vectors.ts'

const forwards = readVectors('forwards.json')
const statements = readVectors('statements.json')
const { record } = forwards

/** A register that holds the one record of the vectors. */
const REGISTER: ItemSource = {
  register: 'enterprise-live',
  version: () => '20261123',
  answer: async ({ subject }) =>
    JSON.stringify(subject) === JSON.stringify(record.subject)
      ? { outcome: 'ANSWERED', values: record.values }
      : { outcome: 'NO_RECORD' },
}

function provider(trust: ProviderTrust) {
  const key = readVectors('keys.json').systems[forwards.provider]
  if (!key) throw new Error(`keys.json has no key of ${forwards.provider}`)
  const time = { now: 0 }
  const items = { [record.item]: REGISTER }
  const answer = createProvider({
    id: forwards.provider,
    key,
    trust: () => trust,
    items,
    clock: () => time.now,
  })
  return (body: string, now: string, headers: Readonly<Record<string, string>>) => {
    time.now = Date.parse(now)
    return answer(new Request('http://provider.example/', { method: 'POST', body, headers }))
  }
}

async function meets(response: Response, wanted: Expected, before: readonly string[]) {
  const text = await response.text()
  const { status, code, outcome, claims, same } = wanted
  const said = code ? JSON.parse(text) : payloadOf(text)
  expect({ status: response.status, code: said.code }).toEqual({ status, code })
  if (outcome) expect({ outcome: said.outcome, claims: said.claims }).toEqual({ outcome, claims })
  if (same !== undefined) expect(text).toBe(before[same])
}

describe('a provider, as contracts/conformance/forwards.json says', () => {
  test.each(forwards.vectors)('$name', async (vector) => {
    const send = provider(forwards.trust)
    const before: string[] = []
    const { earlier = [], body, now, headers } = vector
    for (const one of earlier) before.push(await (await send(one.body, one.now, headers)).text())
    await meets(await send(textOf(body), now, headers), vector.expect, before)
  })

  test('each code that our kit declines with has a vector', () => {
    const CODES = {
      ...{ 'too-large': 413, 'media-type': 415, malformed: 400, 'wrong-type': 400 },
      ...{ 'unknown-key': 401, signature: 401, audience: 401, expired: 401 },
      ...{ 'forward-schema': 422, 'not-asked': 403, 'unknown-item': 404 },
    } satisfies Record<Exclude<DeclinedCode, 'internal'>, number>
    const met = forwards.vectors.flatMap(({ expect: { code, status } }) =>
      code ? [[code, status]] : [],
    )
    expect(Object.fromEntries(met)).toEqual(CODES)
  })
})

const stateOf = () => {
  const state = readVectors('states.json').states[statements.state]
  if (!state) throw new Error(`states.json has no ${statements.state}`)
  return state
}

describe('a gateway before a provider, as contracts/conformance/statements.json says', () => {
  test.each(statements.vectors)('$name', async ({ reply, expect: wanted }) => {
    const forwarded: string[] = []
    const gateway = await openConformanceGateway(stateOf(), async (_, forward) => {
      forwarded.push(forward)
      return { ...reply, body: textOf(reply.body) }
    })
    try {
      const response = await gateway.post(statements.request, statements.now)
      const text = await response.text()
      const said = wanted.code ? JSON.parse(text) : payloadOf(text)
      const { status, code, outcome, claims } = wanted
      expect({ status: response.status, code: said.code }).toEqual({ status, code })
      if (outcome)
        expect({ outcome: said.outcome, claims: said.claims }).toEqual({ outcome, claims })
      expect(forwarded).toHaveLength(status === 503 || status === 504 ? 3 : 1)
    } finally {
      await gateway.close()
    }
  })

  test('what it forwards is what the kit answers, and what the kit states is what it takes', async () => {
    let send: ReturnType<typeof provider> | undefined
    const { now, request } = statements
    const headers = { 'content-type': 'application/jwt' }
    const gateway = await openConformanceGateway(stateOf(), async (_, forward) => {
      const response = await send?.(forward, now, headers)
      return {
        status: response?.status ?? 0,
        contentType: response?.headers.get('content-type') ?? '',
        body: (await response?.text()) ?? '',
      }
    })
    try {
      send = provider((await trustOf(gateway.app)) as unknown as ProviderTrust)
      const response = await gateway.post(request, now)
      expect(response.status).toBe(200)
      const [answered] = statements.vectors
      expect(payloadOf(await response.text()).claims).toEqual(answered?.expect.claims)
    } finally {
      await gateway.close()
    }
  })

  test('a request that was cut off leaves the entries that the file shows', async () => {
    const state = readVectors('states.json').states['cut-off'] as State
    const found = await cutOffEntries(state, statements.request)
    // Answers and pseudonyms are random; the index of an intent is where this log stands.
    const settled = (entries: readonly string[]) =>
      entries.map((entry) => {
        const { answerHash, indexHash, ...leaf } = JSON.parse(entry)
        return { ...leaf, isAnswered: answerHash !== undefined, isIndexed: indexHash !== undefined }
      })
    expect(settled(found)).toEqual(settled(statements.cutOff))
    expect(settled(found).map(({ kind }) => kind)).toEqual([
      'intent',
      'interrupted',
      'intent',
      'refusal',
    ])
  })

  test('names are unique in both files', () => {
    for (const { vectors } of [forwards, statements])
      expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length)
  })
})
