import { readFileSync } from 'node:fs'
import { findBySubject } from '../src/people/people.ts'
import type { Role } from '../src/people/person.ts'
import { beginSession } from '../src/people/session.ts'
import { ISSUER, type Options, openTestGateway, type TestGateway } from './harness.ts'

type Seeded = {
  readonly id: string
  readonly subject: string
  readonly name: string
  readonly roles: readonly Role[]
}

/** The invented city's people, by what their provider calls them. */
export const PEOPLE: readonly Seeded[] = JSON.parse(
  readFileSync(new URL('../seed/people.json', import.meta.url), 'utf8'),
)

export function personOf(subject: string): Seeded {
  const person = PEOPLE.find((one) => one.subject === subject)
  if (!person) throw new Error(`nobody is called ${subject}`)
  return person
}

/** A gateway with the seeded people, and ways to be one of them without the identity provider. */
export async function openWithPeople(options: Options = {}) {
  const gateway = await openTestGateway(options)
  return { gateway, ...peopleOf(gateway) }
}

/** The same for a gateway that is open. */
export function peopleOf({ deps, app, clock }: Pick<TestGateway, 'deps' | 'app' | 'clock'>) {
  const begin = async (
    subject: string,
    {
      kind = 'browser',
      steppedUp = true,
    }: { kind?: 'browser' | 'token'; steppedUp?: boolean } = {},
  ) => {
    const { db } = deps.store
    const person = await findBySubject(db, 'demo', subject)
    if (!person) throw new Error(`nobody is called ${subject}`)
    const isFresh = kind === 'browser' && steppedUp
    return beginSession(
      { db, crypto: deps.crypto },
      {
        person: person.id,
        kind,
        how: kind === 'token' ? 'token' : 'provider',
        steppedUpAt: isFresh ? clock.now : null,
        agent: 'test',
      },
      { now: clock.now },
    )
  }
  /** A fresh session's cookie; an approval may rest on it unless `steppedUp` is false. */
  const signIn = async (subject: string, how: { steppedUp?: boolean } = {}): Promise<string> =>
    `__Host-sid=${(await begin(subject, how)).secret}`
  return {
    signIn,
    /** An access token, as the command line holds one. */
    tokenOf: async (subject: string): Promise<string> =>
      (await begin(subject, { kind: 'token' })).secret,
    /** Sends as somebody's browser would from our own page; `body` goes as JSON, or as it is where it is a form. */
    as: (cookie: string) => sender(app, { cookie, 'sec-fetch-site': 'same-origin' }),
    /** Sends as a program with a token. */
    with: (token: string) => sender(app, { authorization: `Bearer ${token}` }),
  }
}

function sender(app: TestGateway['app'], headers: Record<string, string>) {
  return async (
    method: string,
    path: string,
    { body, more = {} }: { body?: unknown; more?: Record<string, string> } = {},
  ): Promise<Response> => {
    const isForm = body instanceof URLSearchParams
    const sent =
      body === undefined
        ? {}
        : isForm
          ? { body, headers: { ...headers, ...more } }
          : {
              body: JSON.stringify(body),
              headers: { ...headers, 'content-type': 'application/json', ...more },
            }
    return app.request(`${ISSUER}${path}`, { method, headers: { ...headers, ...more }, ...sent })
  }
}
