import type { Lang } from '../language.ts'
import { AGREEMENTS } from '../texts/agreements.ts'
import { CATALOG } from '../texts/catalog.ts'
import { CORRECTIONS } from '../texts/corrections.ts'
import { FIELDS } from '../texts/fields.ts'
import { PEOPLE } from '../texts/people.ts'
import { PROPOSALS } from '../texts/proposals.ts'
import { SERVICES } from '../texts/service-form.ts'
import { SYSTEMS } from '../texts/systems.ts'
import { serviceName } from './service-names.ts'

/**
 * How people call a place of a document: "条件（中文）" for `/conditions/zh`. A place without a name of its
 * own is called by its pointer.
 */
export function fieldName(lang: Lang, pointer: string): string {
  const [, place = pointer, language] = /^(.*)\/(zh|en)$/.exec(pointer) ?? []
  const name = nameOf(lang, place) ?? place
  if (language !== 'zh' && language !== 'en') return name
  return FIELDS[lang].inLanguage(name, PROPOSALS[lang][language])
}

function nameOf(lang: Lang, pointer: string): string | undefined {
  const says = CATALOG[lang]
  const fields = FIELDS[lang]
  const [, first = '', ...rest] = pointer.split('/')
  if (first === 'agreement' || first === 'application') return placeInAgreement(lang, first, rest)
  if (first === 'system' || first === 'keys' || first === 'jwk')
    return placeInSystem(lang, first, rest)
  const own =
    serviceName(lang, [first, ...rest]) ??
    pledgeName(lang, first, rest[0]) ??
    correctionName(lang, first)
  if (own !== undefined) return own
  const more = rest.filter((one) => Number.isNaN(Number(one)))
  if (first === 'data' && isIn(says.dataFields, more[0])) return says.dataFields[more[0]]
  if (first === 'timeLimit' && (more[0] === 'statutory' || more[0] === 'promised')) {
    const part = isIn(fields.limit, more[1]) ? fields.limit[more[1]] : ''
    return `${fields.limits[more[0]]}${part}`
  }
  if (first === 'sharing' && isIn(fields.sharing, more[0])) return fields.sharing[more[0]]
  if (isIn(says.fields, first)) return says.fields[first]
  return isIn(fields.own, first) && (more.length === 0 || first === 'law' || first === 'replaces')
    ? fields.own[first]
    : undefined
}

function placeInAgreement(lang: Lang, of: string, [name, ...rest]: readonly string[]) {
  const says = AGREEMENTS[lang]
  if (of === 'application') return isIn(says.words, name) ? says.words[name] : undefined
  if (name === 'requesters') return says.fields.requester
  if (name === 'claims') return [says.claim, ...rest].join(' ')
  if (name === 'purposes') return says.purposes
  if (name === 'law') return says.law
  return isIn(says.fields, name) ? says.fields[name] : undefined
}

/** Of a system with its keys, and of a key by itself, whose `system` is an id. */
function placeInSystem(lang: Lang, of: 'system' | 'keys' | 'jwk', [name, part]: readonly string[]) {
  const { facts, form, names } = SYSTEMS[lang]
  if (of !== 'system') return facts[of]
  if (name === undefined) return facts.id
  if (name === 'names' && isIn(names, part)) return names[part]
  if (name === 'names') return PEOPLE[lang].name
  if (name === 'rate' && (part === 'perSecond' || part === 'burst')) return form[part]
  return isIn(facts, name) ? facts[name] : undefined
}

/** Places of a report of wrong data. */
function correctionName(lang: Lang, first: string): string | undefined {
  const says = AGREEMENTS[lang].fields
  if (first === 'entry') return CORRECTIONS[lang].entry
  if (first === 'claims') return CORRECTIONS[lang].claims
  return first === 'item' || first === 'requester' ? says[first] : undefined
}

/** Places of a pledge and of a person's roles. */
function pledgeName(lang: Lang, first: string, second: string | undefined): string | undefined {
  const { pledge } = SERVICES[lang]
  const people = PEOPLE[lang]
  if (first === 'signedBy') return isIn(pledge, second) ? pledge[second] : undefined
  if (first === 'name' || first === 'issuer' || first === 'subject' || first === 'roles')
    return people[first]
  return isIn(pledge, first) ? pledge[first] : undefined
}

function isIn<T extends object>(words: T, name: string | undefined): name is keyof T & string {
  return name !== undefined && Object.hasOwn(words, name)
}
