import * as Format from 'typebox/format'
import * as Schema from 'typebox/schema'
import { z } from 'zod'
import { ContractError } from './contract-error.ts'
import { isCitizenId, isEcertIdentifier, isRegionCode, isUscc } from './identifiers.ts'
import { patternProblem } from './pattern.ts'

export const DIALECT = 'https://json-schema.org/draft/2020-12/schema'

const DEPTH_MAX = 12
const MEMBER_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/

Format.Set('cn-id', isCitizenId)
Format.Set('uscc', isUscc)
Format.Set('gb2260', isRegionCode)
Format.Set('ecert', isEcertIdentifier)
Format.Set('year-month', (text) => /^[0-9]{4}-(?:0[1-9]|1[0-2])$/.test(text))

/** `date` is typebox's own: a calendar date of RFC 3339. Any other format would be passed unchecked. */
const FORMATS = new Set(['cn-id', 'uscc', 'gb2260', 'ecert', 'date', 'year-month'])

const TYPES = ['string', 'integer', 'number', 'boolean', 'array', 'object', 'null'] as const
const count = z.number().int().min(0).optional()
const bound = z.number().optional()
const one = z.unknown().optional()
const many = z.array(z.unknown()).min(1).optional()
const members = z.record(z.string(), z.unknown()).optional()

/** The keywords that a contract may use. Unknown ones would be ignored by JSON Schema: a typo lets all pass. */
const node = z.strictObject({
  $schema: z.string().optional(),
  $ref: z.string().optional(),
  $defs: members,
  $comment: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  examples: z.array(z.unknown()).optional(),
  type: z.union([z.enum(TYPES), z.array(z.enum(TYPES)).min(1)]).optional(),
  enum: many,
  const: one,
  format: z.string().optional(),
  pattern: z.string().optional(),
  minLength: count,
  maxLength: count,
  minimum: bound,
  maximum: bound,
  exclusiveMinimum: bound,
  exclusiveMaximum: bound,
  multipleOf: z.number().positive().optional(),
  properties: members,
  required: z.array(z.string()).optional(),
  dependentRequired: z.record(z.string(), z.array(z.string())).optional(),
  additionalProperties: one,
  minProperties: count,
  maxProperties: count,
  items: one,
  prefixItems: many,
  contains: one,
  minItems: count,
  maxItems: count,
  uniqueItems: z.boolean().optional(),
  allOf: many,
  anyOf: many,
  oneOf: many,
  not: one,
  if: one,
  // biome-ignore lint/suspicious/noThenProperty: the JSON Schema keyword
  then: one,
  else: one,
})

const SINGLE = ['additionalProperties', 'items', 'contains', 'not', 'if', 'then', 'else'] as const
const LISTS = ['prefixItems', 'allOf', 'anyOf', 'oneOf'] as const
const MAPS = ['$defs', 'properties'] as const

export type SchemaNode = z.infer<typeof node>

export type CompiledSchema = {
  readonly json: SchemaNode
  readonly accepts: (value: unknown) => boolean
  /** JSON pointers (RFC 6901) of what is wrong, never values; [] when fine. */
  readonly problems: (value: unknown) => string[]
}

/**
 * Compiles one JSON Schema (2020-12) of a contract or a register.
 *
 * @throws ContractError on another dialect, an unknown keyword or format, a reference that leaves the
 * schema or could loop, and a pattern that could run away.
 */
export function compileSchema(json: unknown, pointer: string): CompiledSchema {
  const root = checkNode(json, pointer, json, 0)
  const validator = Schema.Compile(root as Schema.XSchemaObject)
  return {
    json: root,
    accepts: (value) => validator.Check(value),
    problems: (value) => (validator.Check(value) ? [] : pointersOf(validator.Errors(value)[1])),
  }
}

function checkNode(json: unknown, pointer: string, root: unknown, depth: number): SchemaNode {
  if (depth > DEPTH_MAX) throw new ContractError('depth', pointer, `deeper than ${DEPTH_MAX}`)
  const parsed = node.safeParse(json)
  if (!parsed.success) throw keywordError(parsed.error, pointer)
  const schema = parsed.data
  checkLeaf(schema, pointer, root)
  const inner = (child: unknown, at: string) => {
    if (typeof child !== 'boolean') checkNode(child, `${pointer}/${at}`, root, depth + 1)
  }
  for (const key of SINGLE) if (schema[key] !== undefined) inner(schema[key], key)
  for (const key of LISTS)
    for (const [i, child] of (schema[key] ?? []).entries()) inner(child, `${key}/${i}`)
  for (const key of MAPS)
    for (const [name, child] of Object.entries(schema[key] ?? {})) {
      if (!MEMBER_NAME.test(name))
        throw new ContractError('name', `${pointer}/${key}`, 'member names are ASCII words')
      inner(child, `${key}/${name}`)
    }
  return schema
}

function checkLeaf(schema: SchemaNode, pointer: string, root: unknown): void {
  if (schema.$schema !== undefined && schema.$schema !== DIALECT)
    throw new ContractError('dialect', `${pointer}/$schema`, `only ${DIALECT}`)
  if (schema.$ref !== undefined) checkReference(schema.$ref, pointer, root)
  if (schema.format !== undefined && !FORMATS.has(schema.format))
    throw new ContractError('format', `${pointer}/format`, `one of ${[...FORMATS].join(', ')}`)
  const problem = schema.pattern === undefined ? undefined : patternProblem(schema.pattern)
  if (problem !== undefined) throw new ContractError('pattern', `${pointer}/pattern`, problem)
}

/** Only into the schema's own `$defs`, and never from there on: nothing is fetched, nothing loops. */
function checkReference(ref: string, pointer: string, root: unknown): void {
  const name = /^#\/\$defs\/([A-Za-z][A-Za-z0-9_]{0,63})$/.exec(ref)?.[1]
  const defs = (root as SchemaNode).$defs ?? {}
  if (name === undefined || !Object.hasOwn(defs, name))
    throw new ContractError('reference', `${pointer}/$ref`, 'only #/$defs/<name> of this schema')
  if (pointer.includes('/$defs/'))
    throw new ContractError('reference', `${pointer}/$ref`, 'a definition may not refer further')
}

function keywordError(error: z.ZodError, pointer: string): ContractError {
  const [issue] = error.issues
  const keys = issue?.code === 'unrecognized_keys' ? issue.keys : (issue?.path ?? [])
  return new ContractError(
    'keyword',
    [pointer, ...keys.slice(0, 1)].join('/'),
    issue?.message ?? '',
  )
}

type Errors = ReturnType<Schema.Validator['Errors']>[1]

/** A member's name is the caller's own text: it is repeated only where it cannot be a value. */
function pointersOf(errors: Errors): string[] {
  const pointers = errors.flatMap((error): string[] => {
    const { instancePath: at } = error
    if (error.keyword === 'required')
      return error.params.requiredProperties.map((name) => `${at}/${name}`)
    if (error.keyword === 'boolean') return /\/[A-Za-z]{1,32}$/.test(at) ? [at] : [parentOf(at)]
    if (error.keyword === 'additionalProperties') return []
    return isGroup(error.keyword) ? [] : [at]
  })
  return pointers.length > 0 ? [...new Set(pointers)].sort() : ['']
}

/** `oneOf` and the like fail beside the branch's own errors, which say more. */
function isGroup(keyword: string): boolean {
  return ['oneOf', 'anyOf', 'allOf', 'if'].includes(keyword)
}

function parentOf(pointer: string): string {
  return pointer.slice(0, pointer.lastIndexOf('/'))
}
