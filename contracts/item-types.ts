import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const FOLDER = new URL('items/', import.meta.url)
const OUT = new URL('../src/client/items.ts', import.meta.url)

/** As much of a JSON Schema as the callers' types need; what it does not know is `unknown`. */
type Node = {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly items?: Node
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
}

const node = z.looseObject({}) as unknown as z.ZodType<Node>
const contract = z.looseObject({
  code: z.string(),
  subject: node,
  claims: z.record(
    z.string(),
    z.looseObject({ schema: node, read: z.boolean(), predicates: z.array(z.string()) }),
  ),
})

/** The contracts' subjects and claims as TypeScript, for src/client. Run: `npm run client:types`. */
export function itemTypes(): string {
  const contracts = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => contract.parse(JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))))
  const items = contracts.map(({ code, subject, claims }) => {
    const lines = Object.entries(claims).map(([name, { schema, read, predicates }]) => {
      const ways = [...(read ? ['read'] : []), ...predicates].map(quoted)
      return `      ${name}: Claim<${typeOf(schema)}, ${ways.join(' | ')}>`
    })
    return [
      `  '${code}': {`,
      `    subject: ${typeOf(subject)}`,
      '    claims: {',
      ...lines,
      '    }',
      '  }',
    ]
  })
  return `${[
    '// Made from contracts/items by `npm run client:types`; a test holds the two together.',
    '',
    '/** A claim: its value, and the ways in which the contract lets it be asked. */',
    'export type Claim<Value, Way extends string> = { value: Value; way: Way }',
    '',
    '/** What each item is asked about, and what may be asked of it. */',
    'export type Items = {',
    ...items.flat(),
    '}',
  ].join('\n')}\n`
}

function typeOf(schema: Node): string {
  if (schema.enum) return schema.enum.map((value) => quoted(value)).join(' | ')
  switch (schema.type) {
    case 'string':
    case 'boolean':
      return schema.type
    case 'integer':
    case 'number':
      return 'number'
    case 'array':
      return `readonly (${typeOf(schema.items ?? {})})[]`
    case 'object':
      return objectOf(schema)
    default:
      return 'unknown'
  }
}

function objectOf({ properties = {}, required = [] }: Node): string {
  const members = Object.entries(properties).map(
    ([name, one]) => `${name}${required.includes(name) ? '' : '?'}: ${typeOf(one)}`,
  )
  return `{ ${members.join('; ')} }`
}

function quoted(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(OUT, itemTypes())
