import { z } from 'zod'

const LIMIT_MAX = 1000
/** 政务数据共享条例 art. 21: once, by ten working days at the most. */
export const EXTENSION_MAX = 10

/**
 * A time limit as a law, a rule or a promise states it. "日" means working days in some laws (行政许可法
 * art. 82, 行政处罚法 art. 85) and natural days in others, so the unit is always said.
 */
export const limitSchema = z
  .strictObject({
    n: z.int().min(0).max(LIMIT_MAX),
    unit: z.enum(['WORKING_DAY', 'NATURAL_DAY', 'HOUR', 'INSTANT']),
    /** The event that the limit is counted from; its day is not counted (民法典 art. 201). */
    from: z.enum(['RECEIPT', 'ACCEPTANCE', 'CONSENT', 'CHANGE']),
    basis: z.string().min(1),
  })
  .refine(({ n, unit }) => (unit === 'INSTANT') === (n === 0), {
    error: 'at once is 0 INSTANT, every other limit at least 1',
    path: ['n'],
  })

export type Limit = z.infer<typeof limitSchema>
