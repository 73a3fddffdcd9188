import { z } from 'zod'
import type { Bilingual } from '../../errors.ts'

type Ground = Bilingual & {
  /** What a refusal on this ground has to name beside its law and its words. */
  readonly names?: 'narrower' | 'condition'
}

/**
 * On which grounds sharing may be refused. That material is incomplete is none of them: it is told once, as a
 * whole (条例 art. 21). R08 and R09 are doctrine, without a statute of their own.
 */
export const REFUSAL_GROUNDS = {
  R01: { zh: '不属职权', en: 'Beyond the provider’s competence' },
  R02: { zh: '法定不予共享', en: 'Not shared by law' },
  R03: { zh: '国家秘密、工作秘密', en: 'A state or work secret' },
  R04: { zh: '无法定依据或目的不符', en: 'No legal basis, or another purpose' },
  R05: { zh: '超出必要范围', en: 'More than is necessary', names: 'narrower' },
  R06: { zh: '不符目录条件', en: 'A condition of the catalogue is not met', names: 'condition' },
  R07: { zh: '须当事人同意或本人办理', en: 'Takes the person’s consent, or the person himself' },
  R08: { zh: '请求机关可自行取得', en: 'The requester can obtain it by itself' },
  R09: {
    zh: '成本或自身职责严重受损',
    en: 'Disproportionate cost, or harm to the provider’s own duties',
  },
} as const satisfies Readonly<Record<string, Ground>>

type Code = keyof typeof REFUSAL_GROUNDS

const words = z.string().trim().min(2).max(2000)

/** What a refusal says beside its reason: its ground, and the law that it rests on. */
export const refusalDetails = z
  .strictObject({
    code: z.enum(Object.keys(REFUSAL_GROUNDS) as [Code, ...Code[]]),
    /** Title and article. */
    law: words,
    /** R05: which narrower claims would do. */
    narrower: words.optional(),
    /** R06: the condition, as the published version has it. */
    condition: words.optional(),
  })
  .superRefine((said, context) => {
    const { names }: Ground = REFUSAL_GROUNDS[said.code]
    if (names && said[names] === undefined)
      context.addIssue({ code: 'custom', path: [names], message: 'missing' })
  })
