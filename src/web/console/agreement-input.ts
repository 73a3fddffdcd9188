import type { Application } from '../../proposal/kinds/agreement-document.ts'
import { currentVersion } from '../../registry/order.ts'
import type { Registry } from '../../registry/registry.ts'
import type { Faulting } from './form-faults.ts'
import { codesIn, flat, MISSING, readerOf, rows, TICKED, type Values } from './form-values.ts'

export const WAYS = ['read', 'predicate'] as const
export const AUTHORIZATIONS = ['application', 'consent', 'statutory'] as const

/** What is drawn up here, and where nothing is decided yet. */
type Base = { readonly agreement?: Partial<Application['agreement']> } & Partial<
  Pick<Application, 'application'>
>

/** By the places of the agreement itself, `validTo`; the words of the application stand under its name. */
export function valuesOf({ agreement = {}, application }: Base): Values {
  const { requesters = [], claims = {}, authorization = [], regions = [], ...rest } = agreement
  const ticked = [
    ...Object.entries(claims).flatMap(([name, ways]) => ways.map((way) => `claims.${name}.${way}`)),
    ...authorization.map((kind) => `authorization.${kind}`),
  ]
  return {
    ...Object.fromEntries(flat(rest)),
    ...Object.fromEntries(flat({ application })),
    requester: requesters[0] ?? '',
    regions: regions.join('\n'),
    ...Object.fromEntries(ticked.map((name) => [name, TICKED])),
  }
}

/**
 * The application that a form means; what may wait until it is submitted stands as missing.
 *
 * @param base requesters beyond the first, whom the form does not show.
 */
export function documentOf(values: Values, { agreement = {} }: Base): unknown {
  const { at, number, laws } = readerOf(values)
  const law = laws('law')
  const words = (name: string) => at(`application.${name}`) || MISSING.zh
  return {
    agreement: {
      id: at('id'),
      item: at('item'),
      requesters: [at('requester'), ...(agreement.requesters ?? []).slice(1)],
      purposes: purposesIn(values),
      claims: claimsIn(values),
      authorization: AUTHORIZATIONS.filter((kind) => at(`authorization.${kind}`) === TICKED),
      regions: codesIn(at('regions')),
      validFrom: at('validFrom'),
      validTo: at('validTo'),
      dailyQuota: number('dailyQuota'),
      ...(law.length > 0 ? { law } : {}),
    },
    application: { basis: words('basis'), scenario: words('scenario'), scope: words('scope') },
  }
}

function purposesIn(values: Values) {
  const { at } = readerOf(values)
  return rows(values, 'purposes')
    .map((row) => ({
      service: at(`${row}.service`),
      basis: at(`${row}.basis`),
      scenario: at(`${row}.scenario`),
    }))
    .filter((purpose) => Object.values(purpose).some((code) => code !== ''))
}

function claimsIn(values: Values) {
  const names = Object.keys(values).flatMap((name) => /^claims\.(\w+)\.\w+$/.exec(name)?.[1] ?? [])
  return Object.fromEntries(
    [...new Set(names)]
      .map((name) => {
        const ways = WAYS.filter((way) => values[`claims.${name}.${way}`] === TICKED)
        return [name, ways] as const
      })
      .filter(([, ways]) => ways.length > 0),
  )
}

/** What may be asked of an item; none where officers answer. */
export function claimsOf({ items, contracts }: Registry, code: string) {
  const item = currentVersion(items.get(code) ?? [])
  return [...(contracts.get(item?.contract ?? '')?.claims.values() ?? [])]
}

const LISTS = ['purposes', 'claims', 'authorization', 'law']

/** `agreement/requesters/0` is the one field of who applies; an empty list is its section's fault. */
export const AGREEMENT_FAULTS: Faulting = {
  fieldOf: (place) => {
    const own = place.replace(/^agreement\./, '')
    if (own.startsWith('requesters')) return 'requester'
    if (own.startsWith('regions')) return 'regions'
    const [list = '', row] = own.split('.')
    if (list === 'claims' || list === 'authorization') return list
    return LISTS.includes(list) && row === undefined ? list : own
  },
}
