import type { People, Planned, ServiceCase } from '../client/index.ts'
import type { Example } from './examples.ts'
import { Failure } from './failure.ts'

export const SERVICE = 'S04'

type Told = Omit<ServiceCase, 'plan'> & {
  readonly purpose: { readonly service: string; readonly basis: string; readonly scenario: string }
  readonly item: string
  readonly subject: Readonly<Record<string, unknown>>
  readonly ask: Planned['ask']
}

/**
 * The family's case as the SDK takes it, from the seeded examples that tell it. What no paper of the
 * service stands for is left out: it need not be known.
 */
export function caseOf(
  examples: readonly Example[],
  items: ReadonlySet<string>,
): { about: ServiceCase; people: People } {
  const told = examples.filter(({ family, claims }) => family && items.has(claims.item ?? ''))
  const plan: Record<string, Planned[]> = {}
  const people: Record<string, Readonly<Record<string, unknown>>> = {}
  for (const { claims, expect } of told) {
    const { item, subject, ask } = claims as unknown as Told
    const { idNo, name, ...rest } = subject
    const isPerson = typeof name === 'string' && idNo !== undefined
    if (isPerson) people[name] = { idNo, name }
    const of = isPerson ? { who: name, subject: rest } : { subject }
    // The family says that it has none: an empty register is what proves that.
    const provenBy = expect.outcome === 'NO_RECORD' ? 'no-record' : 'record'
    plan[item] = [...(plan[item] ?? []), { ...of, ask, provenBy }]
  }
  const [first] = told
  if (!first) throw new Failure(1, '示例里没有这个家庭。', 'The examples tell of no family.')
  const {
    requester,
    purpose,
    official,
    authorization,
    case: number,
  } = first.claims as never as Told
  const { basis, scenario } = purpose
  const footing = { requester, official, authorization, case: number, basis, scenario }
  return { about: { ...footing, plan }, people }
}
