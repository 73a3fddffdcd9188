import { z } from 'zod'
import type { Bilingual } from '../errors.ts'

/**
 * Whether a matter belongs to the catalogue of public services: four exclusions and five conditions, as the
 * pilot of 历下 (四不五同时) asks. Its wording was not read, so these nine questions are the project's own
 * reading of what such a catalogue may hold; an authority that has the text puts its own in their place.
 */
export const EXCLUSIONS = {
  internal: { zh: '属机关内部管理事务', en: 'It is a matter of an agency’s own administration' },
  secret: { zh: '涉及国家秘密、工作秘密', en: 'It touches state or work secrets' },
  incompetent: {
    zh: '不属本机关职责，或没有依据',
    en: 'It is not the agency’s duty, or has no basis',
  },
  repeated: {
    zh: '与已登记的事项重复',
    en: 'It repeats a service that is registered already',
  },
} as const satisfies Readonly<Record<string, Bilingual>>

export const CONDITIONS = {
  public: {
    zh: '面向公民、法人和其他组织',
    en: 'It is for citizens, legal persons or other organisations',
  },
  founded: {
    zh: '有法律、法规、规章或职责依据',
    en: 'It is founded on law, regulation, rule or duty',
  },
  assigned: { zh: '承办机关与责任明确', en: 'Who handles it and who answers for it is settled' },
  stated: {
    zh: '条件、材料、程序、时限可以公开载明',
    en: 'Conditions, materials, procedure and time limit can be stated publicly',
  },
  concluded: { zh: '有确定的办理结果', en: 'It ends with a definite result' },
} as const satisfies Readonly<Record<string, Bilingual>>

const exclusions = Object.keys(EXCLUSIONS) as [keyof typeof EXCLUSIONS]
const conditions = Object.keys(CONDITIONS) as [keyof typeof CONDITIONS]

/** True or false to each question; one that is left out waits for its answer. */
export const fitnessSchema = z.strictObject({
  exclusions: z.partialRecord(z.enum(exclusions), z.boolean()),
  conditions: z.partialRecord(z.enum(conditions), z.boolean()),
})
