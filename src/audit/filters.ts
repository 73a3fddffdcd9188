import { z } from 'zod'
import { ERRORS } from '../errors.ts'
import type { Leaf } from '../log/entry.ts'
import { itemCode, uscc } from '../registry/documents.ts'
import type { Registry } from '../registry/registry.ts'

/** Every kind of entry, as the leaf names it. */
export const KINDS = [
  'exchange',
  'refusal',
  'intent',
  'interrupted',
  'registry',
  'act',
  'erasure',
  'shard',
] as const satisfies readonly Leaf['kind'][]

/** Of the whole answer; what single claims came to stands in no leaf. */
export const OUTCOMES = ['ANSWERED', 'NO_RECORD', 'UNDETERMINED'] as const

const DAY = /^\d{4}-\d{2}-\d{2}(T([01]\d|2[0-3]):[0-5]\d)?$/
const SHANGHAI = '+08:00'
const NUMBER = /^(0|[1-9]\d{0,14})$/

const moment = z
  .string()
  .regex(DAY)
  .refine((text) => isDay(text.slice(0, 10)))
const number = z.string().regex(NUMBER).transform(Number)

/**
 * What the log is searched by, as it stands in an address: a day or a minute of Asia/Shanghai, both ends
 * included; numbers of records, both included; `before`, where an earlier page ended.
 */
export const searchQuery = z.strictObject({
  from: moment.optional(),
  to: moment.optional(),
  kind: z.enum(KINDS).optional(),
  /** An outcome, or the code of the check that failed. */
  result: z.string().refine(isResult).optional(),
  caller: z.string().max(64).optional(),
  requester: uscc.optional(),
  item: z
    .string()
    .regex(/^[A-Z]{2,8}-\d{2}(@[1-9]\d{0,3})?$/)
    .optional(),
  first: number.optional(),
  last: number.optional(),
  before: number.optional(),
})

export type Search = z.output<typeof searchQuery>

/** What a search looks for; instants in epoch milliseconds, `until` excluded. */
export type Filters = Omit<Search, 'from' | 'to' | 'before'> & {
  readonly from?: number
  readonly until?: number
}

export type Fault = { readonly filter: keyof Search; readonly what: 'form' | 'unknown' | 'order' }

/**
 * Reads a search. What names somebody must be registered here: whatever an auditor types goes into the log
 * with the search, and a leaf never holds what only looks like a system's name.
 *
 * @param given parameters of an address; an empty one is none
 */
export function readSearch(
  given: Readonly<Record<string, string>>,
  { systems, agencies }: Pick<Registry, 'systems' | 'agencies'>,
): { readonly search: Search } | { readonly faults: readonly Fault[] } {
  const faults: Fault[] = []
  const read: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(given)) {
    if (value === '') continue
    const schema = Object.hasOwn(searchQuery.shape, name)
      ? searchQuery.shape[name as keyof Search]
      : undefined
    const member = schema?.safeParse(value)
    if (member?.success) read[name] = member.data
    else faults.push({ filter: name as keyof Search, what: 'form' })
  }
  const search = read as Search
  faults.push(...faultsAmong(search, { systems, agencies }))
  return faults.length > 0 ? { faults } : { search }
}

/** What is wrong with members that are each well written. */
function faultsAmong(
  { caller, requester, from, to, first, last }: Search,
  { systems, agencies }: Pick<Registry, 'systems' | 'agencies'>,
): Fault[] {
  const faults: Fault[] = []
  const found = (is: boolean, filter: Fault['filter'], what: Fault['what']) => {
    if (is) faults.push({ filter, what })
  }
  found(caller !== undefined && !systems.has(caller), 'caller', 'unknown')
  found(requester !== undefined && !agencies.has(requester), 'requester', 'unknown')
  found(from !== undefined && to !== undefined && startOf(from) >= endOf(to), 'to', 'order')
  found(first !== undefined && last !== undefined && first > last, 'last', 'order')
  return faults
}

export function filtersOf({ from, to, before: _, ...rest }: Search): Filters {
  return {
    ...rest,
    ...(from === undefined ? {} : { from: startOf(from) }),
    ...(to === undefined ? {} : { until: endOf(to) }),
  }
}

/** The search's one spelling, for its entry in the log: parameters in the order of their names. */
export function searchText(search: Search): string {
  const parameters = Object.entries(search).map(([name, value]) => [name, String(value)])
  const sorted = parameters.sort(([one = ''], [other = '']) => (one < other ? -1 : 1))
  return new URLSearchParams(sorted).toString()
}

function isResult(text: string): boolean {
  return OUTCOMES.some((outcome) => outcome === text) || Object.hasOwn(ERRORS, text)
}

/** Whether an ISO date is a day of the calendar. */
function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

function startOf(text: string): number {
  return Date.parse(text.includes('T') ? `${text}:00${SHANGHAI}` : `${text}T00:00:00${SHANGHAI}`)
}

const MINUTE_MILLIS = 60_000
const DAY_MILLIS = 86_400_000

function endOf(text: string): number {
  return startOf(text) + (text.includes('T') ? MINUTE_MILLIS : DAY_MILLIS)
}

/** Whether an entry is one that is looked for. Time and number are the search's own business. */
export function matches(leaf: Leaf, filters: Filters): boolean {
  const { kind, result, caller, requester, item } = filters
  return (
    (kind === undefined || leaf.kind === kind) &&
    (result === undefined || leaf.outcome === result || leaf.check === result) &&
    (caller === undefined || leaf.caller === caller) &&
    (requester === undefined || leaf.requester === requester) &&
    (item === undefined || leaf.item === item || isVersionOf(leaf.item, item))
  )
}

/** A code without a version means all of them. */
function isVersionOf(recorded: string | undefined, item: string): boolean {
  return itemCode.safeParse(item).success && recorded?.startsWith(`${item}@`) === true
}

/**
 * Text that every entry which `matches` contains, since a leaf is canonical JSON and a member has one
 * spelling there: what a database can look for without reading JSON. Other entries may contain it too.
 */
export function needles({ kind, result, caller, requester, item }: Filters): readonly string[] {
  const member = (name: string, value: string | undefined, end = '"') =>
    value === undefined ? [] : [`"${name}":"${value}${end}`]
  const isOutcome = OUTCOMES.some((outcome) => outcome === result)
  return [
    ...member('kind', kind),
    ...member(isOutcome ? 'outcome' : 'check', result),
    ...member('caller', caller),
    ...member('requester', requester),
    ...member('item', item, item?.includes('@') ? '"' : ''),
  ]
}
