import { canonicalJson } from '../log/leaf.ts'
import { isMembers, type Members } from './members.ts'

/**
 * One place of a document that changed. `pointer` is a JSON Pointer (RFC 6901), but for a list whose
 * elements all carry an `id`: such an element is named by it, so that a material which was put in the
 * middle does not shift all that follow, and `*` names the list's order of ids. No `before`: the member is
 * new; no `after`: it is gone.
 */
export type Change = {
  readonly pointer: string
  readonly before?: unknown
  readonly after?: unknown
}

type Named = Readonly<Record<string, unknown>> & { readonly id: string }

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/
const ORDER = '*'

/**
 * What differs between two JSON documents, in the order in which the new one names its members: read
 * through a schema, that is the order of the fields. Empty where both are equal.
 */
export function diffDocuments(before: Members | undefined, after: Members): Change[] {
  return between(before ?? {}, after, '')
}

function between(before: unknown, after: unknown, pointer: string): Change[] {
  if (canonicalOrUndefined(before) === canonicalOrUndefined(after)) return []
  if (isNamedList(before) && isNamedList(after)) return ofNamed(before, after, pointer)
  if (Array.isArray(before) && Array.isArray(after)) return ofList(before, after, pointer)
  if (isMembers(before) && isMembers(after)) return ofMembers(before, after, pointer)
  return [{ pointer, ...had('before', before), ...had('after', after) }]
}

function had(name: 'before' | 'after', value: unknown): Partial<Change> {
  return value === undefined ? {} : { [name]: value }
}

function ofMembers(before: Members, after: Members, pointer: string): Change[] {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])]
  return names.flatMap((name) => between(own(before, name), own(after, name), below(pointer, name)))
}

/**
 * Elements without a name: side by side where there are as many as before, else as one value. Names that
 * repeat, or stand on one side only, name nothing: half applied, such a list could look like a named one.
 */
function ofList(before: readonly unknown[], after: readonly unknown[], pointer: string): Change[] {
  const isNameless = (one: unknown) => isMembers(one) && !Object.hasOwn(one, 'id')
  if (before.length !== after.length || ![...before, ...after].every(isNameless))
    return [{ pointer, before, after }]
  return after.flatMap((one, i) => between(before[i], one, below(pointer, String(i))))
}

function ofNamed(before: readonly Named[], after: readonly Named[], pointer: string): Change[] {
  const [old, now] = [idsOf(before), idsOf(after)]
  const order =
    old.join() === now.join() ? [] : [{ pointer: below(pointer, ORDER), before: old, after: now }]
  return [...order, ...ofMembers(byId(before), byId(after), pointer)]
}

/**
 * The document that a diff leads to.
 *
 * @param before the document that the diff was made from, and no other
 */
export function applyDiff(before: Members | undefined, changes: readonly Change[]): Members {
  return changes.reduce<unknown>(
    (document, { pointer, after }) => put(document, tokensOf(pointer), after),
    before ?? {},
  ) as Members
}

function put(at: unknown, [token, ...rest]: readonly string[], after: unknown): unknown {
  if (token === undefined) return after
  if (isNamedList(at)) return putNamed(at, [token, ...rest], after)
  if (Array.isArray(at))
    return at.map((one, i) => (String(i) === token ? put(one, rest, after) : one))
  const members = isMembers(at) ? at : {}
  const value = put(own(members, token), rest, after)
  const others = Object.entries(members).filter(([name]) => name !== token)
  return Object.fromEntries(value === undefined ? others : [...others, [token, value]])
}

/** The order comes first: it makes a place for each new element, which its own change then fills. */
function putNamed(at: readonly Named[], [token, ...rest]: readonly string[], after: unknown) {
  if (token === ORDER) {
    const known = byId(at)
    return (after as readonly string[]).map((id) => own(known, id) ?? { id })
  }
  return at.flatMap((one) => (one.id === token ? (put(one, rest, after) ?? []) : [one]))
}

function canonicalOrUndefined(value: unknown): string | undefined {
  return value === undefined ? undefined : canonicalJson(value)
}

function isNamedList(value: unknown): value is readonly Named[] {
  if (!Array.isArray(value) || value.length === 0) return false
  const ids = value.map((one) => (isMembers(one) ? own(one, 'id') : undefined))
  const named = ids.filter((id): id is string => typeof id === 'string' && ID.test(id))
  return new Set(named).size === value.length
}

function idsOf(list: readonly Named[]): string[] {
  return list.map(({ id }) => id)
}

function byId(list: readonly Named[]): Members {
  return Object.fromEntries(list.map((one) => [one.id, one]))
}

function own(members: Members, name: string): unknown {
  return Object.hasOwn(members, name) ? members[name] : undefined
}

function below(pointer: string, token: string): string {
  return `${pointer}/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

function tokensOf(pointer: string): string[] {
  const tokens = pointer.split('/').slice(1)
  return tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}
