import type { ZodError } from 'zod'
import { Refusal } from '../errors.ts'
import { pointersOf } from '../exchange/request.ts'

/** What every zValidator does with input that does not fit. @throws Refusal `parameters`. */
export function invalidParameters(result: { success: boolean; error?: unknown }): void {
  if (!result.success)
    throw new Refusal('parameters', { pointers: pointersOf(result.error as ZodError) })
}
