import { z } from 'zod'
import { citation, code, itemCode, stateSchema, text, timeLimit, uscc } from './documents.ts'
import { fitnessSchema } from './fitness.ts'

const MATERIALS_MAX = 100

/**
 * The five tests by which Shanghai's plan under 国办发〔2015〕86号 (part 2) judges a proof. `true` is a reason
 * to do away with it:
 * - `noBasis`: no law, regulation or State Council decision demands it;
 * - `outdated`: it no longer fits how the matter is administered today;
 * - `obtainable`: agencies can verify it among themselves, by letter or by shared data;
 * - `shiftsDuty`: it makes the citizen answer for what the agency has to find out;
 * - `provenElsewhere`: a valid licence or certificate already proves it.
 */
const fiveTests = z.strictObject({
  noBasis: z.boolean(),
  outdated: z.boolean(),
  obtainable: z.boolean(),
  shiftsDuty: z.boolean(),
  provenElsewhere: z.boolean(),
})

/** What became of a material: exactly one of these. */
const decision = z.discriminatedUnion('kind', [
  /** Agencies ask each other: all of these items together stand for the paper. */
  z.strictObject({ kind: z.literal('replaced'), items: z.array(itemCode).min(1).max(5) }),
  /** 告知承诺: the applicant declares, the agency checks afterwards, by an item or on the spot. */
  z.strictObject({
    kind: z.literal('committed'),
    afterCheck: z.strictObject({
      item: itemCode.nullable(),
      how: text,
      dueWorkingDays: z.number().int().min(1).max(60),
    }),
  }),
  z.strictObject({ kind: z.literal('abolished') }),
  z.strictObject({ kind: z.literal('kept') }),
])

const materialSchema = z
  .strictObject({
    id: code,
    names: text,
    decision,
    tests: fiveTests,
    reason: text,
    law: z.array(citation).min(1),
  })
  .refine(({ decision: { kind }, tests }) => FITS[kind](Object.values(tests), tests.obtainable), {
    error: 'the decision does not follow from the five tests',
    path: ['decision'],
  })

/** No test speaks for keeping: what is kept failed none; what is replaced can be obtained. */
const FITS: Readonly<
  Record<Decision['kind'], (tests: readonly boolean[], obtainable: boolean) => boolean>
> = {
  replaced: (_, obtainable) => obtainable,
  committed: (_, obtainable) => !obtainable,
  abolished: (tests) => tests.includes(true),
  kept: (tests) => !tests.includes(true),
}

/** A public service (公共服务事项) and every paper that it used to demand. */
export const serviceSchema = z.strictObject({
  code,
  names: text,
  state: stateSchema,
  lead: uscc,
  coLeads: z.array(uscc).max(10).optional(),
  /** 统一规范: defined by an agency of a higher level, and taken over here (adoption.ts). */
  adopts: z.strictObject({ agency: uscc, code }).optional(),
  /** Who may apply, and when. */
  conditions: text.optional(),
  timeLimit: timeLimit.optional(),
  /** Whether it belongs to the catalogue of public services, answered one by one. */
  fitness: fitnessSchema.optional(),
  law: z.array(citation).min(1),
  materials: z.array(materialSchema).min(1).max(MATERIALS_MAX),
})

/** A national list of proofs, and whom nobody may be sent to for them. */
export const blacklistSchema = z.strictObject({
  id: code,
  names: text,
  /** Who must not issue these, and what stands instead. */
  rule: text,
  law: z.array(citation).min(1),
  sources: z.array(z.url({ protocol: /^https?$/ })).min(1),
  proofs: z.array(z.strictObject({ names: text, also: z.array(z.string().min(2)) })).min(1),
})

type Decision = z.infer<typeof decision>
export type Service = z.infer<typeof serviceSchema>
export type Material = z.infer<typeof materialSchema>
export type Blacklist = z.infer<typeof blacklistSchema>

/** The items behind a material: what replaces it, or what checks a commitment afterwards. */
export function itemsOf({ decision }: Pick<Material, 'decision'>): readonly string[] {
  if (decision.kind === 'replaced') return decision.items
  if (decision.kind === 'committed' && decision.afterCheck.item !== null)
    return [decision.afterCheck.item]
  return []
}
