import { type ZodError, z } from 'zod'
import { Refusal } from '../errors.ts'
import { pointersOf } from '../pointers.ts'

/** What every zValidator does with input that does not fit. @throws Refusal `parameters`. */
export function invalidParameters(result: { success: boolean; error?: unknown }): void {
  if (!result.success)
    throw new Refusal('parameters', { pointers: pointersOf(result.error as ZodError) })
}

/** A parameter that may be missing or, as forms send it, empty. */
export function filter<Schema extends z.ZodType>(schema: Schema) {
  return z.union([z.literal('').transform(() => undefined), schema]).optional()
}
