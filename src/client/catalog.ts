import { NoAnswer } from './faults.ts'
import { PlanError } from './service-case.ts'
import type { Reply } from './wire.ts'

/** A service with its papers, as far as a caller needs it. */
export type Service = {
  readonly code: string
  readonly names: Names
  readonly materials: readonly {
    readonly id: string
    readonly names: Names
    readonly kind: 'replaced' | 'committed' | 'abolished' | 'kept'
    /** All of them replace it together. */
    readonly items: readonly string[]
  }[]
}

type Names = { readonly zh: string; readonly en: string }

/** What an item is asked about. Without a contract (an officer answers) a person is named as usual. */
export type CatalogItem = {
  readonly code: string
  readonly kind: string
  readonly members: readonly string[]
  readonly required: readonly string[]
}

type Reader = { get(path: string): Promise<Reply> }

/** @throws PlanError for a service that is not in the catalogue; NoAnswer for what is no service. */
export async function readService(from: Reader, code: string): Promise<Service> {
  const { status, body } = await from.get(`/v1/catalog/services/${encodeURIComponent(code)}`)
  if (status === 404) throw new PlanError(`there is no service ${code}`)
  if (status !== 200 || !Array.isArray(body.materials))
    throw new NoAnswer('the catalogue does not answer')
  const materials = body.materials.map((one: unknown) => {
    const { id, names, decision } = Object(one)
    const { kind, items } = Object(decision)
    if (typeof kind !== 'string') throw new NoAnswer('the catalogue is not of a form known here')
    return { id: String(id), names: namesOf(names), kind: kindOf(kind), items: strings(items) }
  })
  return { code, names: namesOf(body.names), materials }
}

/** An item of the catalogue; one that is not there is left to the gateway to refuse. */
export async function readItem(from: Reader, code: string): Promise<CatalogItem> {
  const { status, body } = await from.get(`/v1/catalog/items/${encodeURIComponent(code)}`)
  if (status !== 200 && status !== 404) throw new NoAnswer('the catalogue does not answer')
  const [newest] = Array.isArray(body.versions) ? body.versions : []
  const { kind, contract } = Object(newest)
  const { subject } = Object(contract)
  const { properties, required } = Object(subject)
  const members = subject ? Object.keys(Object(properties)) : ['idNo', 'name']
  return { code, kind: String(kind), members, required: strings(required) }
}

/** A way that this version does not know frees nobody of his paper. */
function kindOf(kind: unknown): Service['materials'][number]['kind'] {
  return kind === 'replaced' || kind === 'committed' || kind === 'abolished' ? kind : 'kept'
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

function namesOf(value: unknown): Names {
  const { zh, en } = Object(value)
  return { zh: String(zh ?? ''), en: String(en ?? '') }
}
