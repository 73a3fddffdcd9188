import { z } from 'zod'
import { limitSchema } from '../calendar/limit.ts'
import { FUNCTION_CODES } from './agency-function.ts'
import { queryProblem } from './query.ts'

/** What the registry stores, and what seed/ holds: the documents behind each row. */
export const text = z.strictObject({ zh: z.string().min(1), en: z.string().min(1) })
export const uscc = z.string().regex(/^[0-9A-HJ-NPQRTUWXY]{18}$/)
const region = z.string().regex(/^\d{6}$/)
const day = z.iso.date()
export const itemCode = z.string().regex(/^[A-Z]{2,8}-\d{2}$/)
const systemId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/)

export const agencySchema = z.strictObject({
  uscc,
  names: text,
  kind: z.enum(['organ', 'institution', 'utility', 'grass-roots']),
  level: z.enum(['city', 'county', 'township', 'village']),
  region,
  parent: uscc.optional(),
  /** What it is there for; agencies of one function are compared with each other. */
  function: z.enum(FUNCTION_CODES).optional(),
  status: z.enum(['active', 'suspended']),
})

export const systemSchema = z.strictObject({
  id: systemId,
  agency: uscc,
  /** What a sandbox system says of itself; nobody checked it and nothing is judged by it. */
  declared: uscc.optional(),
  names: text,
  actsFor: z.array(uscc).min(1),
  roles: z.array(z.enum(['caller', 'auditor', 'provider', 'sandbox'])).min(1),
  /** The codes of all that it may ask, where its agency wants it to ask less than the agreements grant. */
  items: z.array(itemCode).min(1).max(200).optional(),
  /** Where a provider's system is asked. */
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  status: z.enum(['active', 'suspended']),
  rate: z.strictObject({ perSecond: z.number().positive(), burst: z.number().int().positive() }),
})

/** A real law or rule, and whether its text was read whole, in an excerpt, or not at all. */
export const citation = z.strictObject({
  title: z.string(),
  article: z.string().optional(),
  mark: z.enum(['read', 'excerpt', 'unverified']),
})

export const timeLimit = z.strictObject({
  statutory: limitSchema,
  promised: limitSchema,
  note: text.optional(),
})

const claimBinding = z.strictObject({
  column: z.string().optional(),
  comparedWith: z.string().optional(),
  /** `exists`: true where the subject has a record at all; where not, the answer is NO_RECORD. */
  aggregate: z.enum(['exists', 'count', 'any', 'list']).optional(),
  fields: z.record(z.string(), z.string()).optional(),
})

/** How a register's rows are found, confirmed as the subject's, and read as claims. */
const rows = {
  lookup: z.array(z.strictObject({ subject: z.string(), column: z.string() })).min(1),
  confirm: z.array(
    z.strictObject({
      subject: z.string(),
      column: z.string(),
      compare: z.enum(['name', 'id', 'exact', 'region']),
    }),
  ),
  claims: z.record(z.string(), claimBinding),
}

/** A register that its provider handed over whole. */
const snapshotBinding = z.strictObject({
  kind: z.literal('snapshot'),
  register: z.string().min(1),
  ...rows,
})

/** A name that the operator gave a connection: addresses and secrets stand in no registry document. */
export const sourceName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/)

/** The provider's own database, read by one query that binds what the subject is looked up by. */
const sqlBinding = z
  .strictObject({
    kind: z.literal('sql'),
    source: sourceName,
    register: z.string().min(1),
    query: z.string().min(1),
    /** A column that says which release of the register answered; never one that is the person's own. */
    versionColumn: z.string().min(1).optional(),
    ...rows,
  })
  .superRefine(({ query, lookup }, context) => {
    const members = lookup.map(({ subject }) => subject)
    const message = queryProblem(query, members)
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['query'], message })
  })

/** The provider's own endpoint: whom to ask, and which members of the subject name and confirm it. */
const httpBinding = z.strictObject({
  kind: z.literal('http'),
  system: systemId,
  lookup: z.array(z.strictObject({ subject: z.string() })).min(1),
  confirm: z.array(z.strictObject({ subject: z.string(), compare: z.enum(['name', 'exact']) })),
})

const binding = z.discriminatedUnion('kind', [snapshotBinding, sqlBinding, httpBinding])

export const stateSchema = z.enum([
  'draft',
  'submitted',
  'approved',
  'published',
  'suspended',
  'retired',
])

export const itemSchema = z.strictObject({
  code: itemCode,
  version: z.number().int().positive(),
  /** 统一规范: defined by an agency of a higher level, and taken over here (adoption.ts). */
  adopts: z
    .strictObject({ agency: uscc, code: itemCode, version: z.number().int().positive() })
    .optional(),
  names: text,
  kind: z.enum(['verification', 'query', 'inquiry']),
  provider: uscc,
  state: stateSchema,
  contract: z.string().nullable(),
  sharing: z.strictObject({
    class: z.enum(['UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED']),
    scope: text,
    use: text,
    statute: z.string().optional(),
  }),
  conditions: text,
  content: text,
  procedure: text,
  mode: text,
  responsibility: text,
  fee: text,
  timeLimit,
  data: z.strictObject({
    items: text,
    format: text,
    updateFrequency: z.string(),
    sharingMode: text,
    useConditions: text,
    classification: text,
    impactAssessment: text,
  }),
  replaces: z.array(text),
  law: z.array(citation),
  connector: binding.nullable(),
})

/** A code that agreements list and requests name. */
export const code = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)

export const agreementSchema = z.strictObject({
  id: code,
  item: z.string(),
  requesters: z.array(uscc).min(1),
  purposes: z.array(z.strictObject({ service: code, basis: code, scenario: code })).min(1),
  claims: z.record(z.string(), z.array(z.enum(['read', 'predicate'])).min(1)),
  authorization: z.array(z.enum(['statutory', 'application', 'consent'])).min(1),
  regions: z.array(region).min(1),
  validFrom: day,
  validTo: day,
  dailyQuota: z.number().int().min(0),
  state: z.enum(['active', 'suspended', 'ended']),
  law: z.array(citation).optional(),
})

export const registerSchema = z.strictObject({
  id: z.string().min(1),
  provider: uscc,
  names: text,
  file: z.string().optional(),
  keys: z.array(z.string()).min(1),
  updateFrequency: z.string().regex(/^P\d+D$/),
  row: z.record(z.string(), z.unknown()),
})

export type Agency = z.infer<typeof agencySchema>
export type System = z.infer<typeof systemSchema>
export type Item = z.infer<typeof itemSchema>
export type SnapshotBinding = z.infer<typeof snapshotBinding>
export type SqlBinding = z.infer<typeof sqlBinding>

export type HttpBinding = z.infer<typeof httpBinding>
/** How an item's provider is asked. */
export type Binding = z.infer<typeof binding>
export type ClaimBinding = z.infer<typeof claimBinding>
export type Citation = z.infer<typeof citation>
export type Agreement = z.infer<typeof agreementSchema>
export type Register = z.infer<typeof registerSchema>
