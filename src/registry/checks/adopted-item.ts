import { definitionOfItem } from '../adoption.ts'
import type { Item } from '../documents.ts'
import { added, sooner, standing } from './adopted.ts'
import { FOUR_LEVELS } from './law.ts'
import { block, type Fault, question, type Rule } from './rule.ts'

const STRICTNESS = ['UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED']

/**
 * What a higher level defined may be done sooner, never later, and on no more conditions (统一规范). Blocks:
 * otherwise it is another item, and needs a definition of its own.
 */
export const adoptedItem: Rule<Item> = {
  id: 'adopted-item',
  article: FOUR_LEVELS,
  holds: {
    zh: '与上级规范一致，未增设条件，时限不更长',
    en: 'It keeps to the definition above: no condition more, no longer limit',
  },
  judge: (item, { registry }) => {
    if (!item.adopts) return undefined
    const defined = definitionOfItem(registry, item)
    if (!defined)
      return [block('/adopts', '上级没有这个版本的事项', 'There is no such version above')]
    const own = { ...item, owner: item.provider }
    const above = { ...defined, owner: defined.provider }
    return [...standing(own, above, registry), ...sooner(own, above), ...terms(item, defined)]
  },
}

function terms(item: Item, defined: Item): Fault[] {
  const same = (pointer: '/kind' | '/contract', zh: string, en: string) => {
    const member = pointer.slice(1) as 'kind' | 'contract'
    return item[member] === defined[member] ? [] : [block(pointer, zh, en)]
  }
  return [
    ...same('/kind', '事项类型与上级不同', 'Its kind differs from the definition'),
    ...same('/contract', '契约与上级不同', 'Its contract differs from the definition'),
    ...(STRICTNESS.indexOf(item.sharing.class) > STRICTNESS.indexOf(defined.sharing.class)
      ? [
          block(
            '/sharing/class',
            '共享属性严于上级',
            'It is shared less than the definition allows',
          ),
        ]
      : []),
    ...added('/conditions', item.conditions, defined.conditions),
    ...added('/data/useConditions', item.data.useConditions, defined.data.useConditions),
    ...differs('/sharing/scope', item.sharing.scope, defined.sharing.scope),
    ...differs('/sharing/use', item.sharing.use, defined.sharing.use),
    ...differs('/fee', item.fee, defined.fee),
  ]
}

function differs(pointer: string, own: Item['fee'], defined: Item['fee']): Fault[] {
  return own.zh === defined.zh
    ? []
    : [
        question(
          pointer,
          `与上级不同，请核实没有更严。上级：${defined.zh}`,
          `It differs from the definition; see that it is not stricter. There: ${defined.en}`,
        ),
      ]
}
