import type { Bilingual } from '../errors.ts'
import type { Agreement, Item, System } from './documents.ts'
import type { Incoming, IncomingKind, InForce } from './fate.ts'
import type { Pledge } from './pledge.ts'
import { itemsOf, type Service } from './service-item.ts'

type Unknown = { readonly pointer: string; readonly texts: Bilingual }

/** References of an incoming document that lead nowhere; whether it may stand as it is, the checks say. */
export function referenceFaults<K extends IncomingKind>(
  kind: K,
  document: Incoming[K],
  registry: InForce,
): readonly Unknown[] {
  const judge: { readonly [Kind in IncomingKind]: (one: Incoming[Kind]) => readonly Unknown[] } = {
    item: (one) => ofItem(one, registry),
    service: (one) => ofService(one, registry),
    agreement: (one) => ofAgreement(one, registry),
    system: (one) => ofSystem(one, registry),
    pledge: (one: Pledge) => agencies(registry, [[one.agency, '/agency']]),
  }
  return judge[kind](document)
}

type Place = readonly [uscc: string, pointer: string]

function agencies({ agencies: known }: InForce, places: readonly Place[]): Unknown[] {
  return places
    .filter(([uscc]) => !known.has(uscc))
    .map(([, pointer]) => ({
      pointer,
      texts: { zh: '没有登记这个机关', en: 'No such agency is registered' },
    }))
}

function ofItem({ provider, contract }: Item, registry: InForce): Unknown[] {
  return [
    ...agencies(registry, [[provider, '/provider']]),
    ...(contract === null || registry.contracts.has(contract)
      ? []
      : [{ pointer: '/contract', texts: { zh: '没有这个契约', en: 'There is no such contract' } }]),
  ]
}

function ofService({ code, lead, coLeads = [], materials }: Service, registry: InForce): Unknown[] {
  const ids = materials.map(({ id }) => id)
  return [
    ...agencies(registry, [
      [lead, '/lead'],
      ...coLeads.map((uscc, i): Place => [uscc, `/coLeads/${i}`]),
    ]),
    ...materials.flatMap((material, i): Unknown[] => [
      ...(material.id.startsWith(`${code}-`)
        ? []
        : [
            {
              pointer: `/materials/${i}/id`,
              texts: {
                zh: `材料编号应以 ${code}- 开头`,
                en: `The material’s id begins with ${code}-`,
              },
            },
          ]),
      ...(ids.indexOf(material.id) === i
        ? []
        : [
            {
              pointer: `/materials/${i}/id`,
              texts: { zh: '材料编号重复', en: 'The material’s id is used twice' },
            },
          ]),
      ...itemsOf(material)
        .filter((item) => !registry.items.has(item))
        .map((item) => ({
          pointer: `/materials/${i}/decision`,
          texts: { zh: `没有事项 ${item}`, en: `There is no item ${item}` },
        })),
    ]),
  ]
}

function ofAgreement({ item, requesters }: Agreement, registry: InForce): Unknown[] {
  return [
    ...(registry.items.has(item)
      ? []
      : [{ pointer: '/item', texts: { zh: '没有这个事项', en: 'There is no such item' } }]),
    ...agencies(
      registry,
      requesters.map((uscc, i): Place => [uscc, `/requesters/${i}`]),
    ),
  ]
}

function ofSystem({ agency, actsFor }: System, registry: InForce): Unknown[] {
  return agencies(registry, [
    [agency, '/agency'],
    ...actsFor.map((uscc, i): Place => [uscc, `/actsFor/${i}`]),
  ])
}
