import type { Service } from '../service-item.ts'
import { GRASS_ROOTS_PROOFS } from './law.ts'
import { demandedPapers } from './papers.ts'
import { block, question, type Rule } from './rule.ts'

/** The national lists of proofs that nobody may be sent for. A listed name blocks; one that is alike is asked about. */
export const blacklists: Rule<Service> = {
  id: 'blacklists',
  article: GRASS_ROOTS_PROOFS,
  holds: {
    zh: '没有要求国家清单明令不得开具的证明',
    en: 'No proof is demanded that a national list forbids',
  },
  judge: (service, { registry }) =>
    demandedPapers(registry, service).flatMap(({ material, pointer, matches }) => {
      const listed = matches.filter(({ ground }) => ground === 'listed')
      const found = listed.find(({ match }) => match === 'exact') ?? listed[0]
      if (!found) return []
      const say = found.match === 'exact' ? block : question
      return [
        say(
          pointer,
          found.match === 'exact'
            ? `“${material.names.zh}”已列入《${found.list?.names.zh}》：${found.reason.zh}`
            : `“${material.names.zh}”与《${found.list?.names.zh}》所列“${found.names.zh}”名称相近，请核实`,
          found.match === 'exact'
            ? `“${material.names.en}” is on the list “${found.list?.names.en}”: ${found.reason.en}`
            : `Its name is like “${found.names.en}” on the list “${found.list?.names.en}”; see that it is another`,
        ),
      ]
    }),
}
