import type { ClaimContract } from '../../contract/contract.ts'
import type { Agreement } from '../documents.ts'
import { currentVersion } from '../order.ts'
import { personalInformation } from './law.ts'
import { block, type Fault, question, type Rule } from './rule.ts'

/**
 * What is granted is part of the item's contract, each claim in a way that the contract allows. Blocks. Reading
 * what is sensitive is asked about, art. 28: a comparison may serve as well.
 */
export const claims: Rule<Agreement> = {
  id: 'claims',
  article: personalInformation('第六条、第二十八条'),
  holds: { zh: '数据项都在契约之内，只取所需', en: 'The claims are within the contract' },
  judge: ({ item: code, claims: granted }, { registry }) => {
    const item = currentVersion(registry.items.get(code) ?? [])
    const contract = registry.contracts.get(item?.contract ?? '')
    // An item that officers answer has no contract: what they may say is the case's.
    if (!contract) return undefined
    return Object.entries(granted).flatMap(([name, ways]) => {
      const claim = contract.claims.get(name)
      const at = `/claims/${name}`
      return claim
        ? faultsOf(claim, ways, at)
        : [block(at, `契约里没有数据项 ${name}`, `The contract has no claim ${name}`)]
    })
  },
}

function faultsOf(claim: ClaimContract, ways: readonly string[], at: string): Fault[] {
  const reads = ways.includes('read')
  return [
    ...(reads && !claim.read
      ? [
          block(
            at,
            `${claim.title.zh}只能比对，不能读取`,
            `${claim.title.en} is only compared, never read`,
          ),
        ]
      : []),
    ...(ways.includes('predicate') && claim.predicates.size === 0
      ? [
          block(
            at,
            `${claim.title.zh}没有可用的比对方式`,
            `There is no predicate for ${claim.title.en}`,
          ),
        ]
      : []),
    ...(reads && claim.read && claim.sensitivity === 'sensitive'
      ? [
          question(
            at,
            `${claim.title.zh}是敏感个人信息，请核实必须读取、比对不够`,
            `${claim.title.en} is sensitive; confirm that it has to be read and that comparing will not do`,
          ),
        ]
      : []),
  ]
}
