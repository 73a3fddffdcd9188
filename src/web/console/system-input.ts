import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { systemSchema } from '../../registry/documents.ts'
import { type Offered, readOfferedKeys } from '../../registry/offered-keys.ts'
import type { Registry } from '../../registry/registry.ts'
import { SystemKeyError } from '../../registry/system-keys.ts'
import type { SYSTEMS } from '../texts/systems.ts'
import { codesIn } from './form-values.ts'

type Says = (typeof SYSTEMS)['en']
type Faults = Readonly<Record<string, string>>

export const KEYS_MAX = 5

/** A form's fields as text; an uploaded file's text stands under its own name. */
export async function valuesOf(c: Context): Promise<Record<string, string>> {
  const values: Record<string, string> = {}
  for (const [name, value] of Object.entries(await c.req.parseBody({ all: true }))) {
    // Several of one name are boxes that were ticked.
    const texts = [value].flat().map((one) => (typeof one === 'string' ? one : one.text()))
    values[name] = (await Promise.all(texts)).join(' ').trim()
  }
  return values
}

/** The system that a form describes, or what is wrong, by field. */
export function readSystem(
  values: Readonly<Record<string, string>>,
  { systems, items }: Pick<Registry, 'systems' | 'items'>,
  { faults: says }: Says,
) {
  const limited = codesIn(values.items)
  const endpoint = values.endpoint ? { endpoint: values.endpoint } : {}
  const read = systemSchema.safeParse({
    ...{ id: values.id, agency: values.agency, status: 'active' },
    names: { zh: values.nameZh, en: values.nameEn },
    actsFor: codesIn(values.actsFor),
    roles: (values.roles ?? '').split(' '),
    ...endpoint,
    ...(limited.length > 0 ? { items: limited } : {}),
    rate: { perSecond: Number(values.perSecond), burst: Number(values.burst) },
  })
  const faults: Record<string, string> = {}
  const wrong = new Set(read.error?.issues.map(({ path }) => path.join('.')) ?? [])
  const has = (start: string) => [...wrong].some((path) => path.startsWith(start))
  if (has('id')) faults.id = says.id
  else if (systems.has(values.id ?? '')) faults.id = says.taken
  if (has('names.zh')) faults.nameZh = says.name
  if (has('names.en')) faults.nameEn = says.name
  if (has('actsFor')) faults.actsFor = says.actsFor
  if (has('endpoint')) faults.endpoint = says.endpoint
  if (has('rate.perSecond')) faults.perSecond = says.rate
  if (has('rate.burst')) faults.burst = says.rate
  if (has('items') || limited.some((code) => !items.has(code))) faults.items = says.items
  return { system: read.data, faults }
}

/** The keys that were handed over in one of three ways. */
export async function readKeys(
  { keysAt }: Pick<Deps, 'keysAt'>,
  { key = '', file = '', address = '' }: Readonly<Record<string, string>>,
  { faults: says }: Says,
): Promise<{ readonly keys: readonly Offered[]; readonly faults: Faults }> {
  const refused = (faults: Faults) => ({ keys: [], faults })
  if ([key, file, address].filter((one) => one !== '').length !== 1)
    return refused({ key: says.oneKey })
  const name = address ? 'address' : 'key'
  let text = key || file
  if (address) {
    const fetched = await keysAt(address).catch(() => undefined)
    if (fetched === undefined) return refused({ address: says.address })
    text = fetched
  }
  try {
    return { keys: await readOfferedKeys(text), faults: {} }
  } catch (error) {
    if (!(error instanceof SystemKeyError)) throw error
    return refused({ [name]: error.code === 'private' ? says.private : says.unfit })
  }
}

/**
 * Those of a key set that somebody chose by their thumbprints, which stand apart by spaces; the only one
 * needs no choice.
 *
 * @returns undefined for none, and for more than may be registered at once.
 */
export function chosenOf(
  keys: readonly Offered[],
  chosen: string,
  most: number,
): readonly Offered[] | undefined {
  const prints = chosen.split(' ')
  const picked =
    keys.length === 1 ? keys : keys.filter(({ thumbprint }) => prints.includes(thumbprint))
  return picked.length > 0 && picked.length <= most ? picked : undefined
}
