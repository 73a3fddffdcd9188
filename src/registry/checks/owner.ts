import type { System } from '../documents.ts'
import { sharingRegulation } from './law.ts'
import { block, type Rule } from './rule.ts'

/** A system belongs to one agency, registered and active, and its id to no other. Blocks. */
export const owner: Rule<System> = {
  id: 'owner',
  article: sharingRegulation('第十一条'),
  holds: {
    zh: '所属机关在册，系统标识未被占用',
    en: 'Its agency is registered and its id its own',
  },
  judge: ({ id, agency }, { registry }) => {
    const held = registry.systems.get(id)
    return [
      ...(registry.agencies.get(agency)?.status === 'active'
        ? []
        : [
            block(
              '/agency',
              '所属机关未登记或已停用',
              'The agency is not registered, or suspended',
            ),
          ]),
      ...(held && held.agency !== agency
        ? [block('/id', '系统标识已由另一机关使用', 'The id belongs to another agency’s system')]
        : []),
    ]
  },
}
