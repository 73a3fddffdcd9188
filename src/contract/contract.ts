import { z } from 'zod'
import type { Bilingual } from '../errors.ts'
import { ContractError } from './contract-error.ts'
import { type CompiledSchema, compileSchema, type SchemaNode } from './schema.ts'

export type Predicate = 'equals' | 'in' | 'atLeast' | 'atMost'
type Comparison = 'name' | 'id' | 'exact'
/** `sensitive` is 敏感个人信息, 个人信息保护法 art. 28. */
type Sensitivity = 'public' | 'personal' | 'sensitive'

export type ClaimContract = {
  readonly name: string
  readonly title: Bilingual
  readonly schema: SchemaNode
  /** Whether the value itself may leave. Where it may not, only predicates are answered. */
  readonly read: boolean
  readonly predicates: ReadonlySet<Predicate>
  readonly compare: Comparison
  readonly sensitivity: Sensitivity
  /** Whether a value, a provider's or a predicate's, fits the claim's schema. */
  readonly accepts: (value: unknown) => boolean
}

/** What may be asked about whom: the contract of one assistance item. */
export type Contract = {
  readonly code: string
  readonly version: number
  readonly title: Bilingual
  readonly subject: CompiledSchema
  readonly claims: ReadonlyMap<string, ClaimContract>
}

const text = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })
const claimShape = z.strictObject({
  title: text,
  schema: z.record(z.string(), z.unknown()),
  read: z.boolean(),
  predicates: z.array(z.enum(['equals', 'in', 'atLeast', 'atMost'])),
  compare: z.enum(['name', 'id', 'exact']).default('exact'),
  sensitivity: z.enum(['public', 'personal', 'sensitive']),
})
const contractShape = z.strictObject({
  code: z.string().regex(/^[A-Z]{2,8}-[0-9]{2}$/),
  version: z.number().int().positive(),
  title: text,
  subject: z.record(z.string(), z.unknown()),
  claims: z.record(z.string().regex(/^[a-z][A-Za-z0-9]{0,63}$/), claimShape),
})

type ClaimShape = z.infer<typeof claimShape>

/**
 * Reads an item contract (contracts/items/<code>.json) and compiles its schemas.
 *
 * @param file named in the error, where the contract comes from one
 * @throws ContractError on anything that could not be judged safely later; see ContractFault.
 */
export function loadContract(json: unknown, file?: string): Contract {
  try {
    return readContract(json)
  } catch (error) {
    throw error instanceof ContractError && file !== undefined ? error.in(file) : error
  }
}

function readContract(json: unknown): Contract {
  const parsed = contractShape.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new ContractError('shape', `/${issue?.path.join('/') ?? ''}`, issue?.message ?? 'shape')
  }
  const { code, version, title, claims } = parsed.data
  const subject = compileSchema(parsed.data.subject, '/subject')
  if (subject.json.type !== 'object' || subject.json.additionalProperties !== false)
    throw new ContractError('subject', '/subject', 'an object with additionalProperties false')
  if (Object.keys(claims).length === 0) throw new ContractError('shape', '/claims', 'no claim')
  const loaded = Object.entries(claims).map(([name, claim]) => loadClaim(name, claim))
  return {
    code,
    version,
    title,
    subject,
    claims: new Map(loaded.map((claim) => [claim.name, claim])),
  }
}

/** JSON pointers, from /subject on, of what is wrong with a subject; [] when fine. Never values. */
export function subjectProblems(contract: Contract, subject: unknown): string[] {
  return contract.subject.problems(subject).map((pointer) => `/subject${pointer}`)
}

function loadClaim(name: string, claim: ClaimShape): ClaimContract {
  const pointer = `/claims/${name}`
  const { json, accepts } = compileSchema(claim.schema, `${pointer}/schema`)
  checkType(json, claim, pointer)
  checkNoRecord(json, `${pointer}/schema`)
  checkPredicates(json, claim, pointer)
  const predicates = new Set(claim.predicates)
  const { title, read, compare, sensitivity } = claim
  return { name, title, schema: json, read, predicates, compare, sensitivity, accepts }
}

/** A claim is a scalar or a list; a predicate over a list would have no single meaning. */
function checkType(json: SchemaNode, claim: ClaimShape, pointer: string): void {
  const type = json.type
  if (typeof type !== 'string' || type === 'object' || type === 'null')
    throw new ContractError('claim-type', `${pointer}/schema/type`, 'one scalar type, or array')
  if (type === 'array' && claim.predicates.length > 0)
    throw new ContractError('predicate', `${pointer}/predicates`, 'none for a list')
  if (!claim.read && claim.predicates.length === 0)
    throw new ContractError('predicate', `${pointer}/predicates`, 'neither read nor any predicate')
}

/** One spelling for "no record": the answer's result. A claim value of that name would be a "no". */
function checkNoRecord(json: SchemaNode, pointer: string): void {
  const values = [...(json.enum ?? []), json.const]
  if (values.some((value) => typeof value === 'string' && /^no[-_ ]?record$/i.test(value)))
    throw new ContractError('no-record', pointer, 'NO_RECORD is a result, never a value')
}

function checkPredicates(json: SchemaNode, claim: ClaimShape, pointer: string): void {
  if (new Set(claim.predicates).size < claim.predicates.length)
    throw new ContractError('predicate', `${pointer}/predicates`, 'one is named twice')
  if (claim.compare !== 'exact' && json.type !== 'string')
    throw new ContractError('comparison', `${pointer}/compare`, 'only strings')
  const ordered = claim.predicates.some((name) => name === 'atLeast' || name === 'atMost')
  if (ordered && !isOrdered(json, claim.compare))
    throw new ContractError('predicate', `${pointer}/predicates`, 'an order needs number or date')
}

/** ISO dates and year-months of one format sort as text. */
function isOrdered(json: SchemaNode, compare: Comparison): boolean {
  if (compare !== 'exact') return false
  if (json.type === 'integer' || json.type === 'number') return true
  return json.type === 'string' && (json.format === 'date' || json.format === 'year-month')
}
