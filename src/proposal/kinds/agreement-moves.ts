import { EXTENSION_MAX } from '../../calendar/limit.ts'
import type { Move } from '../move.ts'
import { refusalDetails } from './agreement-refusal.ts'
import { extensionDetails } from './extension.ts'

const ADMIN = [{ role: 'admin', of: 'agency' }] as const
const HEAD = [{ role: 'approver', of: 'agency' }] as const
const PROVIDER_HEAD = [{ role: 'approver', of: 'party' }] as const
const PROVIDER = [
  { role: 'admin', of: 'party' },
  { role: 'officer', of: 'party' },
] as const
const AUTHORITY = [{ role: 'authority', of: 'authority' }] as const

const IN_FORCE = ['active', 'suspended']
const DISPUTED = ['negotiating', 'coordinating']

/** 条例 art. 20: truthful, lawful, necessary; the head of the requester's sharing office answers for it. */
const APPLYING: readonly Move[] = [
  { verb: 'open', from: ['new'], to: 'draft', by: ADMIN, edits: true },
  { verb: 'edit', from: ['draft'], by: ADMIN, edits: true },
  { verb: 'submit', from: ['draft'], to: 'submitted', by: ADMIN, isChecked: true },
  { ...{ verb: 'return', from: ['submitted'], to: 'draft', by: HEAD }, needsReason: true },
  {
    ...{ verb: 'approve', from: ['submitted'], to: 'applied', by: HEAD },
    ...{ signs: 'approver', isChecked: true },
  },
  // 无条件共享: in force on filing; the provider's answer follows within a working day.
  {
    ...{ verb: 'file', from: ['submitted'], to: 'active', by: HEAD },
    ...{ signs: 'approver', isChecked: true, takesEffect: true },
  },
  {
    ...{ verb: 'withdraw', to: 'withdrawn', by: ADMIN },
    from: ['draft', 'submitted', 'applied', 'to-correct', ...DISPUTED],
  },
]

/** 条例 art. 21: one notice of all that is missing; an answer in time; a refusal with reasons. */
const ANSWERING: readonly Move[] = [
  {
    ...{ verb: 'correct', from: ['applied'], to: 'to-correct', by: PROVIDER },
    needsReason: true,
  },
  { verb: 'amend', from: ['to-correct'], by: ADMIN, edits: true },
  {
    ...{ verb: 'resubmit', from: ['to-correct'], to: 'applied', by: HEAD },
    ...{ signs: 'approver', isChecked: true },
  },
  {
    ...{ verb: 'ask-extension', from: ['applied'], by: [...PROVIDER, ...PROVIDER_HEAD] },
    ...{ needsReason: true, details: extensionDetails(EXTENSION_MAX) },
  },
  // The act itself is the notice to the requester, who sees it at once.
  {
    ...{ verb: 'extend', from: ['applied'], by: AUTHORITY, stepUp: true },
    awaitedAfter: 'ask-extension',
  },
  { verb: 'decline', from: ['applied'], by: AUTHORITY, stepUp: true, needsReason: true },
  {
    ...{ verb: 'consent', from: ['applied', ...DISPUTED], to: 'active', by: PROVIDER_HEAD },
    ...{ signs: 'publisher', isChecked: true, takesEffect: true },
  },
  {
    ...{ verb: 'refuse', from: ['applied'], to: 'refused', by: PROVIDER_HEAD },
    ...{ signs: 'publisher', needsReason: true, details: refusalDetails },
  },
  { verb: 'answer', from: IN_FORCE, by: [...PROVIDER, ...PROVIDER_HEAD] },
  // 条例 art. 22: from here on the requester can be answered.
  { verb: 'deliver', from: IN_FORCE, by: PROVIDER },
]

/** 条例 art. 28: 协商 → 同级共享主管部门协调 → 本级人民政府决定, which the authority puts on record. */
const DISPUTING: readonly Move[] = [
  {
    ...{ verb: 'dispute', from: ['refused', 'applied'], to: 'negotiating', by: HEAD },
    ...{ needsReason: true, stepUp: true },
  },
  {
    ...{ verb: 'coordinate', from: ['negotiating'], to: 'coordinating' },
    ...{ by: [...HEAD, ...PROVIDER_HEAD], needsReason: true },
  },
  {
    ...{ verb: 'uphold', from: ['coordinating'], to: 'upheld', by: AUTHORITY },
    ...{ needsReason: true, stepUp: true },
  },
  {
    ...{ verb: 'order', from: ['coordinating'], to: 'active', by: AUTHORITY },
    ...{ signs: 'publisher', needsReason: true, isChecked: true, takesEffect: true },
  },
]

/**
 * What the operator loaded was never applied for here: taken on record as it is, by whoever may stop it, it
 * can be suspended and ended like any other. Nothing of the agreement changes with it.
 */
const ADOPTING: readonly Move[] = [
  {
    ...{ verb: 'adopt', from: ['new'], to: 'active', edits: true, takesEffect: true },
    ...{ isFirst: true, stepUp: true, by: [...HEAD, ...PROVIDER_HEAD, ...AUTHORITY] },
  },
]

export const SUSPENDERS = ['requester', 'provider', 'authority'] as const
export type Suspender = (typeof SUSPENDERS)[number]

const BY = { requester: HEAD, provider: PROVIDER_HEAD, authority: AUTHORITY } as const

/** Each suspends and resumes for itself alone; a resumption leads nowhere while another one holds (条例 art. 25, 27). */
const SUSPENDING: readonly Move[] = SUSPENDERS.flatMap((side) => {
  const common = { from: IN_FORCE, by: BY[side], stepUp: true, needsReason: true } as const
  const change = { takesEffect: true, isOnOwn: true } as const
  return [
    { ...common, ...change, verb: `suspend-${side}`, to: 'suspended' },
    { ...common, ...change, verb: `resume-${side}`, to: 'active' },
  ]
})

/** 条例 art. 27: a provider ends nothing by itself, so it has no row here. */
const ENDING: readonly Move[] = [
  {
    ...{ verb: 'end', from: IN_FORCE, to: 'ended', by: HEAD, needsReason: true },
    ...{ stepUp: true, takesEffect: true, isOnOwn: true },
  },
  {
    ...{ verb: 'terminate', from: IN_FORCE, to: 'terminated', by: AUTHORITY, needsReason: true },
    ...{ stepUp: true, takesEffect: true, isOnOwn: true },
  },
]

/** The life of an application and of the agreement that it becomes, in one table. */
export const AGREEING: readonly Move[] = [
  ...APPLYING,
  ...ANSWERING,
  ...DISPUTING,
  ...ADOPTING,
  ...SUSPENDING,
  ...ENDING,
]
