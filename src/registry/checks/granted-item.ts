import type { Agreement } from '../documents.ts'
import { currentVersion } from '../order.ts'
import { sharingRegulation } from './law.ts'
import { block, type Rule, reason } from './rule.ts'

/** What is applied for is in the catalogue and may be shared. */
export const grantedItem: Rule<Agreement> = {
  id: 'granted-item',
  article: sharingRegulation('第十四条、第二十条'),
  holds: { zh: '所申请的事项在用，可以共享', en: 'The item is in service and may be shared' },
  judge: ({ item: code }, { registry }) => {
    const item = currentVersion(registry.items.get(code) ?? [])
    if (!item) return [block('/item', `没有事项 ${code}`, `There is no item ${code}`)]
    if (item.sharing.class === 'NOT_SHARED')
      return [block('/item', '该事项不予共享', 'The item is not shared')]
    return item.state === 'published'
      ? []
      : [
          reason(
            '/item',
            '该事项现在不在用，请说明为何先行约定',
            'The item is not in service; state why it is agreed on beforehand',
          ),
        ]
  },
}
