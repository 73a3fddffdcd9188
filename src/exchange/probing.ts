import { type Ask, predicatesOf } from '../contract/ask.ts'
import { normalizeName } from '../contract/name.ts'
import type { SyncCrypto } from '../crypto.ts'
import { secretHalf, storedHalf } from '../evidence/pseudonyms.ts'
import type { Draft } from '../storage/store.ts'
import type { Grant } from './authorize.ts'

/** Distinct predicate values about one claim of one subject that an agency may try in a day. */
const PROBES_PER_DAY = 10

/** 10 base64url characters: 4 that name the claim, 6 the predicate and its value. */
type Guess = string
const GUESS_LENGTH = 10
const GUESSES_PER_BOUND = 3
const CLAIM_LENGTH = 4
const VALUE_LENGTH = GUESS_LENGTH - CLAIM_LENGTH

type Needs = { readonly crypto: Pick<SyncCrypto, 'sha256' | 'digest'> }

/**
 * Against finding a value out by asking yes/no until it fits: counts distinct predicate values per
 * (requester, item, claim, subject pseudonym, day), whatever the results. What is stored are hashes under
 * the subject's secret, so a thief of the database cannot tell what was guessed.
 *
 * @returns what the commit counts and judges; undefined when the request has no predicate.
 */
export function probeOf(
  crypto: Needs['crypto'],
  { request, item, day }: Grant,
  subject: string,
): Draft['probe'] {
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
  return { key: crypto.sha256(group), day, join: (stored) => joined(stored, guesses) }
}

function joined(stored: string, guesses: readonly Guess[]): string | undefined {
  const all = new Set([...unpack(stored), ...guesses])
  return overLimit(all) ? undefined : [...all].join('')
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
