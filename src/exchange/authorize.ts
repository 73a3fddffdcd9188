import { dayInShanghai } from '../calendar/day.ts'
import { askProblems, predicatesOf } from '../contract/ask.ts'
import type { ClaimContract, Contract } from '../contract/contract.ts'
import { subjectProblems } from '../contract/contract.ts'
import { regionCovers } from '../contract/identifiers.ts'
import { Refusal } from '../errors.ts'
import type { Facts, PolicyEngine } from '../policy/policy.ts'
import type { Agency, Agreement, Binding, Item, System } from '../registry/documents.ts'
import { currentVersion, isPublic } from '../registry/order.ts'
import type { Registry } from '../registry/registry.ts'
import type { Request, RequestClaims } from './request.ts'

declare const granted: unique symbol

/**
 * What may be asked of whom, on which legal footing: the evidence that checks 10–14 held. Only
 * `authorize` makes one, so a path that skips a check does not compile.
 */
export type Grant = {
  readonly [granted]: true
  readonly request: Request
  readonly requester: Agency
  readonly item: Item & { readonly connector: Binding }
  readonly contract: Contract
  readonly agreement: Agreement
  /** The natural day of Asia/Shanghai that quotas and probing count by. */
  readonly day: string
}

/**
 * Checks 10–14: requester, item, subject and ask, agreement, the city's rules.
 *
 * @throws Refusal of the first check that fails.
 */
export function authorize(
  { registry, policy }: { readonly registry: Registry; readonly policy: PolicyEngine },
  request: Request,
  now: number,
): Grant {
  const { claims } = request
  const day = dayInShanghai(now)
  const requester = checkRequester(registry, request)
  const { item, contract } = checkItem(registry, claims.item)
  checkContent(contract, claims)
  checkOwnLimit(request.principal.system, item)
  const agreement = findAgreement(registry, requester, claims, { item, day })
  checkPolicy(policy, factsOf(request, { requester, item, contract, day, registry }))
  return { request, requester, item, contract, agreement, day } as Grant
}

function checkRequester(registry: Registry, { principal, claims }: Request): Agency {
  const { system } = principal
  checkActive(registry, system)
  const requester = registry.agencies.get(claims.requester)
  const mayCall = system.roles.includes('caller') && system.actsFor.includes(claims.requester)
  if (!mayCall || !requester) throw new Refusal('requester')
  if (requester.status !== 'active') throw new Refusal('suspended')
  return requester
}

/** @throws Refusal `suspended` unless the system and the agency that it belongs to are active. */
export function checkActive({ agencies }: Registry, { status, agency }: System): void {
  if (status !== 'active' || agencies.get(agency)?.status !== 'active')
    throw new Refusal('suspended')
}

function checkItem(registry: Registry, asked: string) {
  const [code, version] = asked.split('@') as [string, string?]
  const versions = registry.items.get(code) ?? []
  const public_ = versions.filter(isPublic)
  const item = version
    ? public_.find((candidate) => candidate.version === Number(version))
    : currentVersion(public_)
  if (!item) throw new Refusal('unknown-item')
  if (item.state === 'suspended') throw new Refusal('item-suspended')
  if (item.kind === 'inquiry') throw new Refusal('needs-officer')
  const contract = item.contract === null ? undefined : registry.contracts.get(item.contract)
  if (!contract || !item.connector)
    throw new Refusal('item-suspended', { internal: `${asked} has no contract or connector` })
  return { item: item as Grant['item'], contract }
}

/** What its own agency does not let a system ask is, for that system, not agreed. */
function checkOwnLimit({ items }: System, { code }: Item): void {
  if (items && !items.includes(code)) throw new Refusal('no-agreement')
}

function checkContent(contract: Contract, claims: Request['claims']): void {
  const inSubject = subjectProblems(contract, claims.subject)
  if (inSubject.length > 0) throw new Refusal('subject', { pointers: inSubject })
  const inAsk = askProblems(contract, claims.ask)
  if (inAsk.length > 0) throw new Refusal('ask', { pointers: inAsk })
}

/**
 * The agreement that covers this request whole. Where none does, the refusal names the check that the
 * nearest agreement failed last, so that the caller learns the most.
 */
function findAgreement(
  registry: Registry,
  requester: Agency,
  claims: Request['claims'],
  { item, day }: { item: Item; day: string },
): Agreement {
  let nearest: { failed: AgreementCheck; rank: number } | undefined
  for (const agreement of registry.agreements.get(item.code) ?? []) {
    if (!inForce(agreement, requester, day)) continue
    const rank = AGREEMENT_CHECKS.findIndex(([, holds]) => !holds(agreement, requester, claims))
    const failed = AGREEMENT_CHECKS[rank]?.[0]
    if (!failed) return agreement
    if (!nearest || rank > nearest.rank) nearest = { failed, rank }
  }
  throw new Refusal(nearest?.failed ?? 'no-agreement')
}

function inForce(agreement: Agreement, requester: Agency, day: string): boolean {
  const { state, requesters, validFrom, validTo } = agreement
  return (
    state === 'active' && requesters.includes(requester.uscc) && validFrom <= day && day <= validTo
  )
}

type AgreementCheck = 'purpose' | 'claims' | 'region' | 'authorization'
type Holds = (agreement: Agreement, requester: Agency, claims: Request['claims']) => boolean

const AGREEMENT_CHECKS: readonly (readonly [AgreementCheck, Holds])[] = [
  [
    'purpose',
    ({ purposes }, _, { purpose }) => purposes.some((known) => samePurpose(known, purpose)),
  ],
  [
    'claims',
    ({ claims }, _, { ask }) => ask.every((one) => claims[one.claim]?.includes(howOf(one))),
  ],
  [
    'region',
    ({ regions }, requester, { subject }) =>
      [requester.region, subject.region]
        .filter((region) => typeof region === 'string')
        .every((region) => regions.some((wide) => regionCovers(wide, region))),
  ],
  [
    'authorization',
    ({ authorization }, _, claims) => authorization.includes(claims.authorization.kind),
  ],
]

function samePurpose(a: RequestClaims['purpose'], b: RequestClaims['purpose']): boolean {
  return a.service === b.service && a.basis === b.basis && a.scenario === b.scenario
}

function howOf(one: Request['claims']['ask'][number]): 'read' | 'predicate' {
  return predicatesOf(one).length === 0 ? 'read' : 'predicate'
}

function checkPolicy(policy: PolicyEngine, facts: Facts): void {
  const decision = policy.decide(facts)
  if (decision.permit) return
  throw new Refusal('policy', {
    policies: decision.policies,
    ...(decision.error ? { internal: decision.error } : {}),
  })
}

function factsOf(
  { principal, claims }: Request,
  judged: { requester: Agency; item: Item; contract: Contract; day: string; registry: Registry },
): Facts {
  const { system } = principal
  const owner = judged.registry.agencies.get(system.agency)
  const read = claims.ask.filter((one) => howOf(one) === 'read')
  const reads = (sensitivity: ClaimContract['sensitivity']) =>
    read.some((one) => judged.contract.claims.get(one.claim)?.sensitivity === sensitivity)
  return {
    system: {
      id: system.id,
      roles: system.roles,
      agencyKind: owner?.kind ?? '',
      agencyLevel: owner?.level ?? '',
    },
    item: { code: judged.item.code, kind: judged.item.kind, sharing: judged.item.sharing.class },
    context: {
      requesterKind: judged.requester.kind,
      requesterLevel: judged.requester.level,
      ...claims.purpose,
      authorization: claims.authorization.kind,
      readsSensitive: reads('sensitive'),
      readsPersonal: reads('personal'),
      day: judged.day,
    },
  }
}
