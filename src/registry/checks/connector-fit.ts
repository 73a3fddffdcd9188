import type { Contract } from '../../contract/contract.ts'
import type { HttpBinding, Item, Register, SnapshotBinding, SqlBinding } from '../documents.ts'
import type { Registry } from '../registry.ts'
import { sharingRegulation } from './law.ts'
import { block, type Fault, type Rule } from './rule.ts'

/**
 * Every claim of the contract is bound, to columns that the register has, and what is looked up is part of the
 * subject. Blocks: it would be found out by the first caller instead.
 */
export const connectorFit: Rule<Item> = {
  id: 'connector-fit',
  article: sharingRegulation('第二十二条'),
  holds: {
    zh: '连接的列与契约逐项相符',
    en: 'The connector’s columns fit the contract, claim by claim',
  },
  judge: (item, { registry }) => {
    const { connector } = item
    const contract = item.contract === null ? undefined : registry.contracts.get(item.contract)
    if (!connector || !contract) return undefined
    return [
      ...subjectFaults(connector, contract),
      ...(connector.kind === 'http'
        ? systemFaults(connector, item, registry)
        : rowFaults(connector, contract, item, registry)),
    ]
  },
}

function subjectFaults(
  { lookup, confirm }: NonNullable<Item['connector']>,
  { subject }: Contract,
): Fault[] {
  const inputs = new Set(Object.keys(subject.json.properties ?? {}))
  const of = (list: readonly { readonly subject: string }[], name: string) =>
    list.flatMap(({ subject: member }, i) =>
      inputs.has(member)
        ? []
        : [
            block(
              `/connector/${name}/${i}/subject`,
              `契约的输入里没有 ${member}`,
              `The contract’s subject has no ${member}`,
            ),
          ],
    )
  return [...of(lookup, 'lookup'), ...of(confirm, 'confirm')]
}

function rowFaults(
  connector: SnapshotBinding | SqlBinding,
  contract: Contract,
  item: Item,
  { registers }: Registry,
): Fault[] {
  const at = '/connector/register'
  const held = registers.get(connector.register)?.register
  if (!held)
    return [
      block(at, `没有登记库 ${connector.register}`, `There is no register ${connector.register}`),
    ]
  const foreign =
    held.provider === item.provider
      ? []
      : [block(at, '登记库属于另一机关', 'The register belongs to another agency')]
  return [...foreign, ...claimFaults(connector, contract), ...columnFaults(connector, held)]
}

function claimFaults({ claims }: SnapshotBinding | SqlBinding, contract: Contract): Fault[] {
  const bound = Object.keys(claims)
  const missing = [...contract.claims.keys()].filter((name) => !bound.includes(name))
  const extra = bound.filter((name) => !contract.claims.has(name))
  return [
    ...missing.map((name) =>
      block('/connector/claims', `数据项 ${name} 没有对应的列`, `The claim ${name} is not bound`),
    ),
    ...extra.map((name) =>
      block(
        `/connector/claims/${name}`,
        `契约里没有数据项 ${name}`,
        `The contract has no claim ${name}`,
      ),
    ),
  ]
}

function columnFaults(
  { lookup, confirm, claims }: SnapshotBinding | SqlBinding,
  { row, keys }: Register,
): Fault[] {
  const columns = new Set(Object.keys((row.properties ?? {}) as object))
  const used = [
    ...lookup.map(({ column }, i) => [`/connector/lookup/${i}/column`, column] as const),
    ...confirm.map(({ column }, i) => [`/connector/confirm/${i}/column`, column] as const),
    ...Object.entries(claims).flatMap(([name, { column, fields = {} }]) =>
      [column, ...Object.values(fields)]
        .filter((one) => one !== undefined)
        .map((one) => [`/connector/claims/${name}`, one] as const),
    ),
  ]
  return [
    ...used
      .filter(([, column]) => !columns.has(column))
      .map(([at, column]) =>
        block(at, `登记库没有列 ${column}`, `The register has no column ${column}`),
      ),
    ...lookup.flatMap(({ column }, i) =>
      keys.includes(column)
        ? []
        : [
            block(
              `/connector/lookup/${i}/column`,
              `登记库不按列 ${column} 查找`,
              `The register is not looked up by ${column}`,
            ),
          ],
    ),
  ]
}

function systemFaults({ system: id }: HttpBinding, item: Item, { systems }: Registry): Fault[] {
  const system = systems.get(id)
  const say = (zh: string, en: string) => [block('/connector/system', zh, en)]
  if (!system) return say(`没有系统 ${id}`, `There is no system ${id}`)
  if (system.status !== 'active') return say('该系统已停用', 'The system is suspended')
  if (!system.roles.includes('provider') || system.endpoint === undefined)
    return say('该系统没有登记应答地址', 'The system has no endpoint that it answers at')
  return system.agency === item.provider || system.actsFor.includes(item.provider)
    ? []
    : say('该系统不属于提供单位', 'The system is not of the providing agency')
}
