import type { Item } from '../documents.ts'
import { sharingRegulation } from './law.ts'
import { block, type Fault, type Rule } from './rule.ts'

/** What a machine answers has a contract and a connector; what an officer answers has neither. Blocks: nobody could ask. */
export const contract: Rule<Item> = {
  id: 'contract',
  article: sharingRegulation('第二十二条'),
  holds: {
    zh: '契约、连接方式与事项类型相符',
    en: 'Contract and connector fit the kind of item',
  },
  judge: ({ kind, contract: code, connector }, { registry }) => {
    if (kind === 'inquiry') return officerOnly(code !== null, connector !== null)
    if (code === null)
      return [
        block('/contract', '机器作答的事项须有契约', 'What a machine answers needs a contract'),
      ]
    return [
      ...(registry.contracts.has(code)
        ? []
        : [block('/contract', `没有契约 ${code}`, `There is no contract ${code}`)]),
      ...(connector
        ? []
        : [
            block(
              '/connector',
              '机器作答的事项须写明如何询问提供单位',
              'What a machine answers has to say how its provider is asked',
            ),
          ]),
    ]
  },
}

function officerOnly(hasContract: boolean, hasConnector: boolean): Fault[] {
  const say = (pointer: string) =>
    block(
      pointer,
      '人工协查的事项不设契约和连接',
      'An item that officers answer has neither contract nor connector',
    )
  return [...(hasContract ? [say('/contract')] : []), ...(hasConnector ? [say('/connector')] : [])]
}
