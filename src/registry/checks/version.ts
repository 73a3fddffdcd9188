import type { Item } from '../documents.ts'
import { sharingRegulation } from './law.ts'
import { block, type Rule } from './rule.ts'

/** What was published is never edited: a change is a new version. Blocks: evidence names code and version. */
export const version: Rule<Item> = {
  id: 'version',
  article: sharingRegulation('第十七条'),
  holds: { zh: '版本号是新的', en: 'The version number is new' },
  judge: ({ code, version: proposed }, { registry }) => {
    const newest = registry.items.get(code)?.[0]?.version ?? 0
    if (proposed > newest) return []
    return [
      block(
        '/version',
        `版本 ${newest} 已在册，请用 ${newest + 1}`,
        `Version ${newest} is registered; use ${newest + 1}`,
      ),
    ]
  },
}
