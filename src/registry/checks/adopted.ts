import type { Bilingual } from '../../errors.ts'
import { ranksAbove } from '../agency-tree.ts'
import type { Item } from '../documents.ts'
import type { Registry } from '../registry.ts'
import { within } from '../time-limit.ts'
import { addedClauses } from './clauses.ts'
import { block, type Fault } from './rule.ts'

/** An item or a service, as far as adopting it goes; `owner` provides or leads it. */
export type Adoptable = {
  readonly owner: string
  readonly state: Item['state']
  readonly adopts?: { readonly agency: string } | undefined
  readonly timeLimit?: Item['timeLimit'] | undefined
}

/** What is adopted is in service, defined where it is said to be, and by a higher level. */
export function standing(own: Adoptable, defined: Adoptable, { agencies }: Registry): Fault[] {
  const [upper, lower] = [agencies.get(defined.owner), agencies.get(own.owner)]
  const unless = (holds: boolean, fault: Fault) => (holds ? [] : [fault])
  return [
    ...unless(
      !defined.adopts,
      block('/adopts', '所采用的事项本身采用自上级', 'What it adopts is itself adopted'),
    ),
    ...unless(
      defined.owner === own.adopts?.agency,
      block('/adopts/agency', '该事项不由所列机关规定', 'The agency named did not define it'),
    ),
    ...unless(
      defined.state === 'published',
      block('/adopts', '上级的事项不在用', 'What it adopts is not in service'),
    ),
    ...unless(
      upper !== undefined && lower !== undefined && ranksAbove(upper, lower),
      block('/adopts/agency', '只能采用上级机关的规范', 'Only a higher level can be adopted'),
    ),
  ]
}

/** Both limits end within those of the definition, whatever the calendar. */
export function sooner({ timeLimit: own }: Adoptable, { timeLimit: defined }: Adoptable): Fault[] {
  if (!defined) return []
  if (!own)
    return [
      block('/timeLimit', '上级规定了时限，须写明', 'The definition has a time limit; state it'),
    ]
  return (['promised', 'statutory'] as const).flatMap((which) =>
    within(own[which], defined[which]) === 'within'
      ? []
      : [
          block(
            `/timeLimit/${which}`,
            '时限长于上级，或者无法断定不长于上级',
            'The limit is longer than the definition’s, or cannot be told to be within it',
          ),
        ],
  )
}

/** A `block` for each clause of a text that the definition does not have. */
export function added(pointer: string, own: Bilingual, defined: Bilingual): Fault[] {
  return addedClauses(own, defined).map((clause) =>
    block(
      pointer,
      `增设了上级没有的条件：${clause}`,
      `A condition that the definition has not: ${clause}`,
    ),
  )
}
