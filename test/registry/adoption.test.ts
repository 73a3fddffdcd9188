import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  adoptersOf,
  adoptionFaults,
  definitionOfItem,
  definitionOfService,
  rootOf,
} from '../../src/registry/adoption.ts'
import type { Item } from '../../src/registry/documents.ts'
import { type Service, serviceSchema } from '../../src/registry/service-item.ts'
import { agencies, items, readText } from '../seed/seed.ts'

const services = z.array(serviceSchema).parse(JSON.parse(readText('seed/services.json')))
const itemOf = (code: string) => items.find((one) => one.code === code) as Item
const serviceOf = (code: string) => services.find((one) => one.code === code) as Service
const OTHER_COUNTY = '11990121MB9901315W'

const faults = (changed: { items?: Item[]; services?: Service[] }) => {
  const over = <T extends { code: string }>(all: readonly T[], own: readonly T[] = []) => [
    ...all.filter(({ code }) => !own.some((one) => one.code === code)),
    ...own,
  ]
  return adoptionFaults({
    agencies,
    items: over(items, changed.items),
    services: over(services, changed.services),
  })
}

describe('adoption', () => {
  test('in the seed: county, township and village adopt one item and one service of the city', () => {
    expect(faults({})).toEqual([])
    const levels = (usccs: string[]) =>
      usccs.map((uscc) => agencies.find((one) => one.uscc === uscc)?.level).sort()
    const all = ['county', 'township', 'village']
    expect(levels(adoptersOf(items, 'LOW-02').map(({ provider }) => provider))).toEqual(all)
    expect(levels(adoptersOf(services, 'S03').map(({ lead }) => lead))).toEqual(all)
  })

  test('leads to the definition, and both have one root', () => {
    const registry = {
      items: Map.groupBy(items, ({ code }) => code),
      services: new Map(services.map((service) => [service.code, service])),
    }
    expect(definitionOfItem(registry, itemOf('LOWTN-02'))).toBe(itemOf('LOW-02'))
    expect(definitionOfService(registry, serviceOf('S03.lubu'))).toBe(serviceOf('S03'))
    expect(definitionOfItem(registry, itemOf('LOW-02'))).toBeUndefined()
    expect(rootOf(itemOf('LOWWT-02'))).toBe(rootOf(itemOf('LOW-02')))
    expect(rootOf(serviceOf('S03.weiting'))).toBe('S03')
  })

  const adopted = itemOf('LOWTN-02')
  const adopts = adopted.adopts as NonNullable<Item['adopts']>
  test.each<[string, Item, string]>([
    ['a code that is not there', { ...adopted, adopts: { ...adopts, code: 'NO-99' } }, 'not there'],
    ['a version that is not there', { ...adopted, adopts: { ...adopts, version: 7 } }, 'not there'],
    [
      'what is itself adopted',
      {
        ...itemOf('LOWLB-02'),
        adopts: { agency: adopted.provider, code: adopted.code, version: 1 },
      },
      'itself adopted',
    ],
    ['another agency’s', { ...adopted, adopts: { ...adopts, agency: OTHER_COUNTY } }, 'not of'],
    [
      'what an agency of the same level defined',
      { ...adopted, provider: '11990100MB9901139J' },
      'does not stand above',
    ],
    [
      'itself',
      { ...adopted, adopts: { agency: adopted.provider, code: adopted.code, version: 1 } },
      'itself adopted',
    ],
  ])('of %s is refused', (_, item, said) => {
    expect(faults({ items: [item] }).join()).toContain(said)
  })

  test('of a service is judged the same way', () => {
    const service = serviceOf('S03.tingnan')
    const of = (adopts: Service['adopts']): Service => ({ ...service, adopts })
    expect(faults({ services: [of({ agency: service.lead, code: 'S99' })] }).join()).toContain(
      'not there',
    )
    expect(faults({ services: [of({ agency: OTHER_COUNTY, code: 'S03' })] }).join()).toContain(
      'not of',
    )
  })
})
