import type { Bilingual } from '../errors.ts'
import { answersNow, countMaterials } from './counts.ts'
import type { Agency, Citation, Item } from './documents.ts'
import { byCode, isPublic } from './order.ts'
import type { Registry } from './registry.ts'
import type { Service } from './service-item.ts'

type Entry = {
  readonly kind: 'item' | 'service'
  readonly code: string
  readonly names: Bilingual
  readonly state: Item['state']
}

/** What an agency may do, and by which law. */
export type Power = Entry & {
  readonly law: readonly Citation[]
  /** Where a higher level defined it. */
  readonly adopts?: { readonly agency: string; readonly code: string }
}

/**
 * What it decides: an application for a service, with what the citizen still brings; or another agency's
 * application for data that is shared on conditions.
 */
export type Approval = Entry & {
  readonly timeLimit?: Item['timeLimit']
  readonly papers?: { readonly before: number; readonly after: number }
}

/** What it answers for, in which role, by when, and to whom it may be complained. */
export type Responsibility = Entry & {
  readonly role: 'provider' | 'lead' | 'co-lead'
  readonly answersFor?: Bilingual
  readonly timeLimit?: Item['timeLimit']
  readonly liability: Citation
}

/** 三张清单: three views of the one catalogue, so that they can never contradict each other. */
export type Lists = {
  readonly agency: Pick<Agency, 'uscc' | 'names' | 'level'>
  readonly power: readonly Power[]
  readonly approval: readonly Approval[]
  readonly responsibility: readonly Responsibility[]
}

const PROVIDERS: Citation = { title: '政务数据共享条例', article: '第三十九条', mark: 'read' }
const DEMANDING: Citation = { title: '优化营商环境条例', article: '第四十四条', mark: 'read' }

/** The power, approval and responsibility lists of an agency; undefined for one that nobody knows. */
export function lists(registry: Registry, uscc: string): Lists | undefined {
  const agency = registry.agencies.get(uscc)
  if (!agency) return undefined
  const items = [...registry.items.values()]
    .flatMap((versions) => versions.find(isPublic) ?? [])
    .filter(({ provider }) => provider === uscc)
    .sort(byCode)
  const services = [...registry.services.values()]
    .filter(isPublic)
    .filter(({ lead, coLeads = [] }) => lead === uscc || coLeads.includes(uscc))
    .sort(byCode)
  const led = services.filter(({ lead }) => lead === uscc)
  return {
    agency: { uscc, names: agency.names, level: agency.level },
    power: [...items.map(powerOfItem), ...led.map(powerOfService)],
    approval: [
      ...items.filter(({ sharing }) => sharing.class === 'CONDITIONAL').map(sharingApproval),
      ...led.map((service) => serviceApproval(registry, service)),
    ],
    responsibility: [
      ...items.map(itemResponsibility),
      ...services.map((service) => serviceResponsibility(service, uscc)),
    ],
  }
}

function powerOfItem(item: Item): Power {
  return { ...entry('item', item), law: item.law, ...adopted(item) }
}

function powerOfService(service: Service): Power {
  return { ...entry('service', service), law: service.law, ...adopted(service) }
}

function sharingApproval(item: Item): Approval {
  return { ...entry('item', item), timeLimit: item.timeLimit }
}

function serviceApproval({ items }: Registry, service: Service): Approval {
  const { before, after } = countMaterials(service, answersNow(items))
  return { ...entry('service', service), ...limited(service), papers: { before, after } }
}

function itemResponsibility(item: Item): Responsibility {
  const { responsibility, timeLimit } = item
  const said = { answersFor: responsibility, timeLimit, liability: PROVIDERS }
  return { ...entry('item', item), role: 'provider', ...said }
}

function serviceResponsibility(service: Service, uscc: string): Responsibility {
  const role = service.lead === uscc ? 'lead' : 'co-lead'
  return { ...entry('service', service), role, ...limited(service), liability: DEMANDING }
}

function entry(kind: Entry['kind'], { code, names, state }: Item | Service): Entry {
  return { kind, code, names, state }
}

function adopted({ adopts }: Pick<Item | Service, 'adopts'>): Pick<Power, 'adopts'> {
  return adopts ? { adopts: { agency: adopts.agency, code: adopts.code } } : {}
}

function limited({ timeLimit }: Pick<Service, 'timeLimit'>): Pick<Approval, 'timeLimit'> {
  return timeLimit ? { timeLimit } : {}
}
