import { type Ask, predicatesOf } from '../contract/ask.ts'
import { normalizeName } from '../contract/name.ts'
import type { SyncCrypto } from '../crypto.ts'
import { Refusal } from '../errors.ts'
import { secretHalf, storedHalf } from '../evidence/pseudonyms.ts'
import type { Draft, Store } from '../storage/store.ts'
import type { Grant } from './authorize.ts'

/** Distinct predicate values about one claim of one subject that an agency may try in a day. */
const PROBES_PER_DAY = 10

/** 10 base64url characters: 4 that name the claim, 6 the predicate and its value. */
type Guess = string
const GUESS_LENGTH = 10
const GUESSES_PER_BOUND = 3
const FORGET_PAUSE_MILLIS = 50
const CLAIM_LENGTH = 4
const VALUE_LENGTH = GUESS_LENGTH - CLAIM_LENGTH

type Held = { readonly guesses: Promise<Set<Guess>>; holders: number }

type Needs = {
  readonly store: Pick<Store, 'readProbe' | 'forgetProbes'>
  readonly crypto: Pick<SyncCrypto, 'sha256' | 'digest'>
}

/**
 * Against finding a value out by asking yes/no until it fits: counts distinct predicate values per
 * (requester, item, claim, subject pseudonym, day), whatever the results. What is stored are hashes under
 * the subject's secret, so a thief of the database cannot tell what was guessed.
 */
export function probing({ store, crypto }: Needs) {
  /** Groups with a request on its way: they share one set, so that no commit overwrites a newer one. */
  const held = new Map<string, Held>()

  function hold(group: string, key: Uint8Array): Held {
    const load = async () => new Set(unpack((await store.readProbe(key)) ?? ''))
    const one = held.get(group) ?? { guesses: load(), holders: 0 }
    one.holders += 1
    held.set(group, one)
    return one
  }

  function release(group: string, one: Held): void {
    one.holders -= 1
    if (one.holders === 0) held.delete(group)
  }

  return {
    /** Drops the guesses of days before this one, a few at a time so that requests go on meanwhile. */
    async forget(day: string): Promise<void> {
      while ((await store.forgetProbes(day).catch(() => 0)) > 0)
        await new Promise((resolve) => setTimeout(resolve, FORGET_PAUSE_MILLIS))
    },
    /** @throws Refusal `probing`. Undefined when the request has no predicate. */
    async note({ request, item, day }: Grant, subject: string, retryAfterSeconds: number) {
      const secret = secretHalf(subject)
      const guesses = [
        ...request.claims.ask.flatMap((one) => guessesOf(crypto, secret, one)),
        ...comparedMembers(item.connector).flatMap((member) =>
          guess(crypto, secret, {
            about: `subject.${member}`,
            how: 'equals',
            value: request.claims.subject[member],
          }),
        ),
      ]
      if (guesses.length === 0) return undefined
      const group = `${request.claims.requester} ${item.code} ${day} ${storedHalf(subject)}`
      const key = crypto.sha256(group)
      const one = hold(group, key)
      try {
        const seen = await one.guesses
        if (overLimit(new Set([...seen, ...guesses])))
          throw new Refusal('probing', { retryAfterSeconds })
        for (const guess of guesses) seen.add(guess)
        const draft: NonNullable<Draft['probe']> = { key, day, seen: () => [...seen].join('') }
        return { draft, release: () => release(group, one) }
      } catch (error) {
        release(group, one)
        throw error
      }
    },
  }
}

/** What is compared with the record by way of the subject is guessed at too: a name, above all. */
function comparedMembers(binding: Grant['item']['connector']): string[] {
  const claims = binding.kind === 'http' ? [] : Object.values(binding.claims)
  const compared = claims.flatMap(({ comparedWith }) => comparedWith ?? [])
  return [...new Set([...binding.confirm.map(({ subject }) => subject), ...compared])]
}

function guessesOf(crypto: Needs['crypto'], secret: string, ask: Ask): Guess[] {
  const [how] = predicatesOf(ask)
  if (how === undefined) return []
  const values = how === 'in' ? (ask.in ?? []) : [ask[how]]
  const about = ask.claim
  return values.flatMap((value) => guess(crypto, secret, { about, how, value }))
}

type Guessed = { readonly about: string; readonly how: string; readonly value: unknown }

/** A bound halves what is left of the range, so it counts as several guesses. */
function guess(crypto: Needs['crypto'], secret: string, { about, how, value }: Guessed): Guess[] {
  if (value === undefined) return []
  const isBound = how === 'atLeast' || how === 'atMost'
  const text = `${secret}${about}\0${isBound ? how : 'equals'}\0${spelt(value)}`
  const digest = crypto.digest(text)
  return Array.from({ length: isBound ? GUESSES_PER_BOUND : 1 }, (_, i) => {
    const from = i * VALUE_LENGTH
    return labelOf(crypto, about) + digest.slice(from, from + VALUE_LENGTH)
  })
}

/** Which claim: no secret, since the request's item has only a few. */
function labelOf(crypto: Needs['crypto'], about: string): string {
  const known = labels.get(about) ?? crypto.digest(about).slice(0, CLAIM_LENGTH)
  // Only names that a contract lists come here.
  labels.set(about, known)
  return known
}

const labels = new Map<string, string>()

/** Spellings that compare as one count as one. */
function spelt(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  return ASCII.test(value) ? value.toLowerCase() : normalizeName(value)
}

const ASCII = /^[\0-\x7f]*$/

function overLimit(guesses: ReadonlySet<Guess>): boolean {
  const perClaim = new Map<string, number>()
  for (const guess of guesses) {
    const claim = guess.slice(0, CLAIM_LENGTH)
    const count = (perClaim.get(claim) ?? 0) + 1
    if (count > PROBES_PER_DAY) return true
    perClaim.set(claim, count)
  }
  return false
}

function unpack(seen: string): Guess[] {
  return Array.from({ length: seen.length / GUESS_LENGTH }, (_, i) =>
    seen.slice(i * GUESS_LENGTH, (i + 1) * GUESS_LENGTH),
  )
}
