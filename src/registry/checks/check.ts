import { actsFor } from './acts-for.ts'
import { adoptedItem } from './adopted-item.ts'
import { adoptedService } from './adopted-service.ts'
import { afterCheck } from './after-check.ts'
import { answerLimit } from './answer-limit.ts'
import { blacklists } from './blacklists.ts'
import { catalogueFields } from './catalogue-fields.ts'
import { claims } from './claims.ts'
import { conditional } from './conditional.ts'
import { connectorFit } from './connector-fit.ts'
import { contract } from './contract.ts'
import type { Proposable, ProposableKind } from './documents.ts'
import { duplicateCollection } from './duplicate-collection.ts'
import { endpoint } from './endpoint.ts'
import { fee } from './fee.ts'
import { fitness } from './fitness.ts'
import { fiveTests } from './five-tests.ts'
import { grantedItem } from './granted-item.ts'
import { handlers } from './handlers.ts'
import { keyForm } from './key-form.ts'
import { keyOwner } from './key-owner.ts'
import { legalBasis } from './legal-basis.ts'
import { morePapers } from './more-papers.ts'
import { notShared } from './not-shared.ts'
import { owner } from './owner.ts'
import { pledged } from './pledged.ts'
import { promisedLimit } from './promised-limit.ts'
import { provider } from './provider.ts'
import { purposes } from './purposes.ts'
import { quota } from './quota.ts'
import { regions } from './regions.ts'
import { replacedBy } from './replaced-by.ts'
import { requestBasis } from './request-basis.ts'
import { requesters } from './requesters.ts'
import { roles } from './roles.ts'
import { type About, type Finding, findingsOf, type Level, type Rule } from './rule.ts'
import { secrets } from './secrets.ts'
import { sevenFields } from './seven-fields.ts'
import { sourceAgency } from './source-agency.ts'
import { validity } from './validity.ts'
import { version } from './version.ts'

/** The one list, in the order in which an approver reads the findings. */
export const RULES: { readonly [K in ProposableKind]: readonly Rule<Proposable[K]>[] } = {
  item: [
    sevenFields,
    catalogueFields,
    notShared,
    conditional,
    promisedLimit,
    answerLimit,
    provider,
    contract,
    connectorFit,
    version,
    adoptedItem,
    sourceAgency,
    legalBasis,
    fee,
    secrets,
  ],
  service: [
    fitness,
    fiveTests,
    duplicateCollection,
    blacklists,
    replacedBy,
    afterCheck,
    morePapers,
    promisedLimit,
    adoptedService,
    handlers,
  ],
  agreement: [grantedItem, requestBasis, purposes, claims, regions, quota, validity, requesters],
  system: [owner, actsFor, roles, endpoint],
  key: [keyForm, keyOwner],
  pledge: [pledged],
}

/** A document that its schema has read, and its kind. */
export type Proposed<K extends ProposableKind = ProposableKind> = {
  readonly kind: K
  readonly document: Proposable[K]
}

/**
 * What an approver sees of a proposed document: every check of its kind, those that hold too. Pure: the same
 * document, view and day give the same findings.
 */
export function check<K extends ProposableKind>(
  { kind, document }: Proposed<K>,
  about: About,
): readonly Finding[] {
  return findingsOf<Proposable[K]>(RULES[kind], document, about)
}

const LEVELS: readonly Level[] = ['pass', 'question', 'reason', 'block']

/** The gravest level found; `pass` where everything holds. */
export function gravest(findings: readonly Finding[]): Level {
  const ranks = findings.map(({ level }) => LEVELS.indexOf(level))
  return LEVELS[Math.max(0, ...ranks)] as Level
}
