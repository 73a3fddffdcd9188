import { normalizeName } from '../../contract/name.ts'
import { rootOf } from '../adoption.ts'
import type { Item } from '../documents.ts'
import { versionInService } from '../order.ts'
import { sharingRegulation } from './law.ts'
import { question, type Rule } from './rule.ts'

/**
 * Where several agencies hold the same data, one is its source, art. 19. Two items that stand for one paper
 * may still be about different things, so it is asked.
 */
export const sourceAgency: Rule<Item> = {
  id: 'source-agency',
  article: sharingRegulation('第十九条'),
  holds: {
    zh: '没有别的机关提供替代同一证明的事项',
    en: 'No other agency offers an item for the same paper',
  },
  judge: (item, { registry }) => {
    const papers = new Map(item.replaces.map((paper, i) => [normalizeName(paper.zh), i]))
    const others = [...registry.items.values()]
      .flatMap((versions) => versionInService(versions) ?? [])
      .filter(({ provider }) => provider !== item.provider)
      .filter((other) => rootOf(other) !== rootOf(item))
    return others.flatMap((other) => {
      const at = other.replaces.map(({ zh }) => papers.get(normalizeName(zh)))
      const first = at.find((i) => i !== undefined)
      if (first === undefined) return []
      return [
        question(
          `/replaces/${first}`,
          `${other.code}（${other.names.zh}）也替代这份证明，请确认数源部门`,
          `${other.code} (${other.names.en}) stands for this paper too; confirm which agency is the source`,
        ),
      ]
    })
  },
}
