import fc from 'fast-check'
import { KINDS, OUTCOMES } from '../../src/audit/filters.ts'
import { type LeafFields, leafText } from '../../src/log/entry.ts'

export const CALLERS = ['housing-bureau', 'housing-bureau-2', 'service-centre']
export const AGENCIES = ['11990100MB9901075L', '11990100MB9901083F']
const ITEMS = ['MAR-01', 'MAR-01@1', 'MAR-01@12', 'ID-01@1']
const RESULTS = [...OUTCOMES, 'quota', 'no-agreement']

const maybe = <T>(values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined })

/** Leaves as the gateway writes them, as far as a search looks at them. */
export const leafFields: fc.Arbitrary<LeafFields> = fc.record({
  kind: fc.constantFrom(...KINDS),
  caller: maybe(CALLERS),
  requester: maybe(AGENCIES),
  item: maybe(ITEMS),
  outcome: maybe(OUTCOMES),
  check: maybe(['quota', 'no-agreement']),
  agreement: maybe(['housing-mar']),
}) as fc.Arbitrary<LeafFields>

export const filters = fc.record(
  {
    kind: fc.constantFrom(...KINDS),
    result: fc.constantFrom(...RESULTS),
    caller: fc.constantFrom(...CALLERS),
    requester: fc.constantFrom(...AGENCIES),
    item: fc.constantFrom('MAR-01', 'MAR-01@1', 'ID-01'),
  },
  { requiredKeys: [] },
)

export function leafOf(fields: LeafFields, time = '2026-11-23T02:00:00.000Z'): string {
  return leafText(fields, time)
}
