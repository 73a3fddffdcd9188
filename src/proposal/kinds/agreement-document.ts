import { z } from 'zod'
import type { Bilingual } from '../../errors.ts'
import { check } from '../../registry/checks/check.ts'
import { sharingRegulation } from '../../registry/checks/law.ts'
import { type About, block, findingsOf, type Rule } from '../../registry/checks/rule.ts'
import { isSubstantive } from '../../registry/checks/substance.ts'
import { diffDocuments } from '../../registry/diff.ts'
import { type Agreement, agreementSchema, type Item } from '../../registry/documents.ts'
import { currentOf } from '../../registry/fate.ts'
import type { Members } from '../../registry/members.ts'
import { currentVersion } from '../../registry/order.ts'
import type { Registry } from '../../registry/registry.ts'

const words = z.string().trim().min(1).max(2000)

/**
 * An application to share data: what would stand in the registry, and what it is justified by (条例 art. 20:
 * 使用依据、使用场景、使用范围; 共享方式 is the item's, 使用时限 the agreement's own). The state is never the
 * applicant's to write.
 */
export const applicationSchema = z.strictObject({
  agreement: agreementSchema.omit({ state: true }),
  application: z.strictObject({ basis: words, scenario: words, scope: words }),
})

export type Application = z.infer<typeof applicationSchema>

/** Why an agreement that is in force cannot come as a change: what was agreed on is not rewritten. */
export const AGREED_ON: Bilingual = {
  zh: '生效的约定不能改写；请以新编号提出申请，再终止原约定',
  en: 'An agreement in force is not rewritten: apply under a new id, then end this one',
}

/** What an agreement and the words beside it make, wherever they come from; its state is left out. */
export function readApplication({ state: _, ...agreement }: Members, application: unknown) {
  return applicationSchema.safeParse({ agreement, application })
}

/** The version that is applied for: the one in service, or the newest. */
export function itemOf({ items }: Registry, { agreement }: Application): Item | undefined {
  return currentVersion(items.get(agreement.item) ?? [])
}

/** Whether an application names exactly an agreement that is in the registry. */
export function isStanding(registry: Registry, { agreement }: Application): boolean {
  const found = currentOf('agreement', agreement.id, registry)
  if (!found) return false
  const { state: _, ...known } = found
  return diffDocuments(known, agreement).length === 0
}

const WORDS = {
  basis: { zh: '使用依据', en: 'legal basis' },
  scenario: { zh: '使用场景', en: 'scenario' },
  scope: { zh: '使用范围', en: 'scope' },
} as const

/** 真实、合法、必要: what says nothing cannot be judged by that. */
const justified: Rule<Application> = {
  id: 'application',
  article: sharingRegulation('第二十条'),
  holds: { zh: '使用依据、场景、范围写有实际内容', en: 'Basis, scenario and scope say something' },
  judge: ({ application }) =>
    (['basis', 'scenario', 'scope'] as const)
      .filter((name) => !isSubstantive(application[name]))
      .map((name) =>
        block(
          `/application/${name}`,
          `“${WORDS[name].zh}”没有实际内容，请写明`,
          `The ${WORDS[name].en} says nothing; state it`,
        ),
      ),
}

/** The registry's own checks of an agreement, and the words of the application. */
export function checkApplication(doc: Application, about: About) {
  const document: Agreement = { ...doc.agreement, state: 'active' }
  const ofAgreement = check({ kind: 'agreement', document }, about)
  return [
    ...findingsOf([justified], doc, about),
    ...ofAgreement.map((one) => ({ ...one, pointer: one.pointer && `/agreement${one.pointer}` })),
  ]
}
