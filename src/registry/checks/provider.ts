import type { Item } from '../documents.ts'
import { sharingRegulation } from './law.ts'
import { block, type Rule } from './rule.ts'

/** The providing agency is known and active, art. 13; a code stays with the agency that first used it. Blocks. */
export const provider: Rule<Item> = {
  id: 'provider',
  article: sharingRegulation('第十三条'),
  holds: { zh: '提供单位在册且正常', en: 'The providing agency is registered and active' },
  judge: ({ code, provider: uscc }, { registry }) => {
    const agency = registry.agencies.get(uscc)
    if (!agency)
      return [block('/provider', '提供单位未登记', 'The providing agency is not registered')]
    if (agency.status !== 'active')
      return [block('/provider', '提供单位已停用', 'The providing agency is suspended')]
    const owner = registry.items.get(code)?.[0]?.provider ?? uscc
    if (owner === uscc) return []
    const name = registry.agencies.get(owner)?.names
    return [
      block(
        '/code',
        `事项编码已由${name?.zh ?? owner}使用`,
        `The code belongs to ${name?.en ?? owner}`,
      ),
    ]
  },
}
