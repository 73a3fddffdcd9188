import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AGREEING } from '../../src/proposal/kinds/agreement-moves.ts'
import { KINDS } from '../../src/proposal/kinds.ts'
import { checkWholeLog, ISSUER } from '../harness.ts'
import { type Bench, COLUMNS, type Column, openBench, SYSTEM } from './matrix.ts'
import { AGREEMENT_MOVES, applicationAt, applicationDoc } from './matrix-applications.ts'

/**
 * Who may do what: one row for each route, several where it does several things. `own/foreign` for each
 * role: for the agency whose thing it is (an authority: competent for it) and for another agency.
 */
const TABLE = `
row                                              | nobody | admin   | approver | authority | officer | auditor

GET /                                            | 200 for everybody
GET /services                                    | 200 for everybody
GET /services/:code                              | 200 for everybody
GET /catalog                                     | 200 for everybody
GET /items/:code                                 | 200 for everybody
GET /not-demandable                              | 200 for everybody
GET /agencies/:uscc                              | 200 for everybody
GET /pledges                                     | 200 for everybody
GET /statistics                                  | 200 for everybody
GET /problems                                    | 200 for everybody
GET /problems/:code                              | 200 for everybody
GET /assets/:hash/:name                          | 200 for everybody
GET /openapi.json                                | 200 for everybody
GET /healthz                                     | 200 for everybody
GET /readyz                                      | 200 for everybody
GET /.well-known/mianzheng                       | 200 for everybody
GET /.well-known/jwks.json                       | 200 for everybody
GET /log/checkpoint                              | 200 for everybody
GET /v1/catalog/items                            | 200 for everybody
GET /v1/catalog/items/:code                      | 200 for everybody
GET /v1/catalog/services                         | 200 for everybody
GET /v1/catalog/services/:code                   | 200 for everybody
GET /v1/catalog/agencies                         | 200 for everybody
GET /v1/catalog/agencies/:uscc                   | 200 for everybody
GET /v1/catalog/systems                          | 200 for everybody
GET /v1/catalog/statistics                       | 200 for everybody
GET /v1/catalog/not-demandable                   | 200 for everybody
GET /v1/catalog/calendar                         | 200 for everybody
GET /v1/catalog/deadline                         | 200 for everybody
GET /v1/catalog/export/items                     | 200 for everybody
GET /v1/catalog/export/services                  | 200 for everybody

GET /log/tile/:rest                              | 401 for everybody
GET /metrics                                     | 404 for everybody
POST /v1/requests                                | 415 for everybody
GET /v1/requests/:jti                            | 401 for everybody
GET /v1/requests/:jti/evidence                   | 401 for everybody
GET /v1/requests/:jti/statement                  | 401 for everybody
POST /v1/sandbox/systems                         | 400 for everybody
PUT /v1/operator/registry                        | 401 for everybody
PUT /v1/operator/registers/:id                   | 401 for everybody

GET /v1/admin/me                                 | 401    | 200/200 | 200/200  | 200/200   | 200/200 | 200/200
GET /v1/admin/me/sessions                        | 401    | 200/200 | 200/200  | 200/200   | 200/200 | 200/200
DELETE /v1/admin/me/sessions                     | 401    | 200/200 | 200/200  | 200/200   | 200/200 | 200/200
DELETE /v1/admin/me/sessions/:id                 | 401    | 404/404 | 404/404  | 404/404   | 404/404 | 404/404
POST /v1/admin/me/tokens                         | 401    | 201/201 | 201/201  | 201/201   | 201/201 | 201/201
DELETE /v1/admin/people/:id/sessions             | 401    | 200/403 | 403/403  | 200/403   | 403/403 | 403/403

GET /v1/admin/log                                | 401    | 403/403 | 403/403  | 403/403   | 403/403 | 200/200
GET /v1/admin/log/:number                        | 401    | 403/403 | 403/403  | 403/403   | 403/403 | 200/200
GET /console/log                                 | 401    | 403/403 | 403/403  | 403/403   | 403/403 | 200/200
GET /console/log/:number                         | 401    | 403/403 | 403/403  | 403/403   | 403/403 | 200/200
GET /console/log/:number/:file                   | 401    | 403/403 | 403/403  | 403/403   | 403/403 | 200/200

GET /sign-in                                     | 200 | 303/303 | 303/303 | 303/303 | 303/303 | 303/303
GET /sign-in/start                               | 503 for everybody
GET /sign-in/callback                            | 503 for everybody
GET /sign-in/passkey                             | 200 for everybody
POST /sign-in/passkey                            | 403 for everybody
POST /console/session/tokens                     | 401 | 201/201 | 201/201 | 201/201 | 201/201 | 201/201
GET /console/session/passkeys                    | 401 | 200/200 | 200/200 | 200/200 | 200/200 | 200/200
POST /console/session/passkeys                   | 401 | 403/403 | 403/403 | 403/403 | 403/403 | 403/403
POST /console/session/passkeys/remove            | 401 | 303/303 | 303/303 | 303/303 | 303/303 | 303/303
GET /sign-out                                    | 200 for everybody
POST /sign-out                                   | 303 for everybody
GET /v1/catalog/pledges                          | 200 for everybody
GET /v1/catalog/gaps                             | 200 for everybody
GET /v1/catalog/agencies/:uscc/gaps              | 200 for everybody
GET /v1/catalog/agencies/:uscc/lists             | 200 for everybody
GET /console                                     | 401 | 200/200 | 200/200 | 200/200 | 200/200 | 200/200
GET /console/proposals                           | 401 | 200/200 | 200/200 | 200/200 | 200/200 | 200/200
GET /console/proposals/:id                       | 401 | 200/404 | 200/404 | 200/404 | 200/404 | 200/200
POST /console/proposals/:id                      | 401 | 403/404 | 303/404 | 403/404 | 403/404 | 403/403
GET /console/proposals/:id/edit                  | 401 | 200/404 | 403/404 | 403/404 | 403/404 | 403/403
POST /console/proposals/:id/edit                 | 401 | 428/404 | 403/404 | 403/404 | 403/404 | 403/403
GET /console/agreements                          | 401 | 200/200 | 200/200 | 200/200 | 200/200 | 200/200
GET /console/agreements/new                      | 401 | 200/200 | 403/403 | 403/403 | 403/403 | 403/403
POST /console/agreements/new                     | 401 | 400/400 | 403/403 | 403/403 | 403/403 | 403/403
GET /console/agreements/:id                      | 401 | 200/404 | 200/404 | 200/404 | 200/404 | 200/200
POST /console/agreements/:id                     | 401 | 403/404 | 303/404 | 303/404 | 403/404 | 403/403
GET /console/corrections/new                     | 401 | 200/200 | 200/200 | 403/403 | 200/200 | 403/403
GET /console/corrections/new of an answer        | 401 | 200/400 | 200/400 | 403/403 | 200/400 | 403/403
POST /console/corrections/new                    | 401 | 303/400 | 303/400 | 403/403 | 303/400 | 403/403
GET /console/services                            | 401 | 200/200 | 200/200 | 200/200 | 200/200 | 200/200
GET /console/services/new                        | 401 | 200/200 | 403/403 | 403/403 | 403/403 | 403/403
POST /console/services/new                       | 401 | 400/400 | 403/403 | 403/403 | 403/403 | 403/403
GET /console/services/:code/edit                 | 401 | 200/403 | 403/403 | 403/403 | 403/403 | 403/403
POST /console/services/:code/edit                | 401 | 400/403 | 403/403 | 403/403 | 403/403 | 403/403
GET /console/agencies/:uscc/pledge               | 401 | 200/403 | 403/403 | 403/403 | 403/403 | 403/403
POST /console/agencies/:uscc/pledge              | 401 | 400/403 | 403/403 | 403/403 | 403/403 | 403/403
GET /console/items                               | 401 | 200/200 | 200/200 | 200/200 | 200/200 | 200/200
GET /console/items/new                           | 401 | 200/200 | 403/403 | 403/403 | 403/403 | 403/403
POST /console/items/new                          | 401 | 400/400 | 403/403 | 403/403 | 403/403 | 403/403
GET /console/items/:code/edit                    | 401 | 200/403 | 403/403 | 403/403 | 403/403 | 403/403
POST /console/items/:code/edit                   | 401 | 400/403 | 403/403 | 403/403 | 403/403 | 403/403
GET /console/items/:code/:what                   | 401 | 403/403 | 200/403 | 200/403 | 403/403 | 403/403
POST /console/items/:code/:what                  | 401 | 403/403 | 303/403 | 303/403 | 403/403 | 403/403
GET /console/import                              | 401 | 200/200 | 403/403 | 403/403 | 403/403 | 403/403
POST /console/import                             | 401 | 200/200 | 403/403 | 403/403 | 403/403 | 403/403
POST /console/import propose                     | 401 | 200/412 | 403/403 | 403/403 | 403/403 | 403/403
GET /console/systems                             | 401 | 200/200 | 200/200 | 200/200 | 200/200 | 200/200
GET /console/systems/new                         | 401 | 200/200 | 403/403 | 403/403 | 403/403 | 403/403
POST /console/systems/new                        | 401 | 303/403 | 403/403 | 403/403 | 403/403 | 403/403
GET /console/systems/:id                         | 401 | 200/404 | 200/404 | 200/404 | 200/404 | 200/200
GET /console/systems/:id/keys/new                | 401 | 200/404 | 403/403 | 403/403 | 403/403 | 403/403
POST /console/systems/:id/keys/new               | 401 | 303/404 | 403/403 | 403/403 | 403/403 | 403/403
POST /console/systems/:id/key-end                | 401 | 303/403 | 303/403 | 303/403 | 403/403 | 403/403

GET /console/session                             | 401 | 200/200 | 200/200 | 200/200 | 200/200 | 200/200
POST /console/session                            | 401 | 303/303 | 303/303 | 303/303 | 303/303 | 303/303
GET /console/people                              | 401 | 200/200 | 200/200 | 200/200 | 403/403 | 403/403
GET /console/people/new                          | 401 | 200/404 | 403/403 | 200/404 | 403/403 | 403/403
POST /console/people/new                         | 401 | 303/403 | 403/403 | 303/403 | 403/403 | 403/403

GET /v1/admin/export/:kind                       | 401    | 200/200 | 200/200  | 200/200   | 200/200 | 200/200
POST /v1/admin/import                            | 401    | 200/412 | 403/403  | 403/403   | 403/403 | 403/403
POST /v1/admin/import dry-run                    | 401    | 200/200 | 403/403  | 403/403   | 403/403 | 403/403

GET /v1/admin/registry                           | 401    | 200/200 | 200/200  | 200/200   | 200/200 | 200/200
GET /v1/admin/proposals                          | 401    | 200/200 | 200/200  | 200/200   | 200/200 | 200/200
GET /v1/admin/proposals/:id                      | 401    | 200/404 | 200/404  | 200/404   | 200/404 | 200/200
POST /v1/admin/proposals item open               | 401    | 201/403 | 403/403  | 403/403   | 403/403 | 403/403
POST /v1/admin/proposals retirement open         | 401    | 201/403 | 403/403  | 403/403   | 403/403 | 403/403
POST /v1/admin/proposals suspension suspend      | 401    | 403/403 | 201/403  | 201/403   | 403/403 | 403/403
POST /v1/admin/proposals system open             | 401    | 201/403 | 403/403  | 403/403   | 403/403 | 403/403
POST /v1/admin/proposals key open                | 401    | 201/403 | 403/403  | 403/403   | 403/403 | 403/403
POST /v1/admin/proposals key-end retire          | 401    | 201/403 | 201/403  | 201/403   | 403/403 | 403/403
POST /v1/admin/proposals key-end revoke          | 401    | 201/403 | 201/403  | 201/403   | 403/403 | 403/403
POST /v1/admin/proposals service open            | 401    | 201/403 | 403/403  | 403/403   | 403/403 | 403/403
POST /v1/admin/proposals pledge open             | 401    | 201/403 | 403/403  | 403/403   | 403/403 | 403/403
POST /v1/admin/proposals agreement open          | 401    | 201/403 | 403/403  | 403/403   | 403/403 | 403/403
POST /v1/admin/proposals person open             | 401    | 201/403 | 403/403  | 201/403   | 403/403 | 403/403
POST /v1/admin/proposals agreement adopt         | 401    | 403/403 | 201/403  | 201/403   | 403/403 | 403/403
POST /v1/admin/proposals correction report       | 401    | 403/403 | 403/403  | 403/403   | 403/403 | 403/403
POST /v1/admin/proposals/:id/:verb correction mend | 401 | 200/404 | 200/404 | 403/404 | 200/404 | 403/403
POST /v1/admin/proposals/:id/:verb item edit     | 401    | 200/404 | 403/404  | 403/404   | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb item submit   | 401    | 200/404 | 403/404  | 403/404   | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb item withdraw | 401    | 200/404 | 403/404  | 403/404   | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb item return   | 401    | 403/404 | 200/404  | 403/404   | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb item approve  | 401    | 403/404 | 200/404  | 403/404   | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb item send-back| 401    | 403/404 | 403/404  | 200/404   | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb item publish  | 401    | 403/404 | 403/404  | 200/404   | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement edit                 | 401 | 200/404 | 403/404 | 403/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement submit               | 401 | 200/404 | 403/404 | 403/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement return               | 401 | 403/404 | 200/404 | 403/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement approve              | 401 | 403/404 | 200/404 | 403/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement file                 | 401 | 403/404 | 200/404 | 403/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement withdraw             | 401 | 200/404 | 403/404 | 403/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement correct              | 401 | 200/404 | 403/404 | 403/404 | 200/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement amend                | 401 | 200/404 | 403/404 | 403/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement resubmit             | 401 | 403/404 | 200/404 | 403/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement ask-extension        | 401 | 200/404 | 200/404 | 403/404 | 200/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement extend               | 401 | 403/404 | 403/404 | 200/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement decline              | 401 | 403/404 | 403/404 | 200/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement consent              | 401 | 403/404 | 200/404 | 403/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement refuse               | 401 | 403/404 | 200/404 | 403/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement answer               | 401 | 200/404 | 200/404 | 403/404 | 200/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement answer by its requester | 401 | 403/404 | 403/404 | 403/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement deliver              | 401 | 200/404 | 403/404 | 403/404 | 200/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement dispute              | 401 | 403/404 | 200/404 | 403/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement coordinate           | 401 | 403/404 | 200/404 | 403/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement uphold               | 401 | 403/404 | 403/404 | 200/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement order                | 401 | 403/404 | 403/404 | 200/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement suspend-requester    | 401 | 403/404 | 200/404 | 403/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement resume-requester     | 401 | 403/404 | 200/404 | 403/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement suspend-provider     | 401 | 403/404 | 200/404 | 403/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement resume-provider      | 401 | 403/404 | 200/404 | 403/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement suspend-authority    | 401 | 403/404 | 403/404 | 200/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement resume-authority     | 401 | 403/404 | 403/404 | 200/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement end                  | 401 | 403/404 | 200/404 | 403/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb agreement terminate            | 401 | 403/404 | 403/404 | 200/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb suspension lift | 401  | 403/404 | 200/404  | 200/404   | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb system approve| 401    | 403/404 | 200/404  | 403/404   | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb person approve| 401    | 403/404 | 200/404  | 403/404   | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb person approve an auditor | 401 | 403/404 | 403/404 | 403/404 | 403/404 | 403/403
POST /v1/admin/proposals/:id/:verb person grant an auditor   | 401 | 403/404 | 403/404 | 200/404 | 403/404 | 403/403
`

type Asked = {
  readonly path?: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

const JTI = '6f1b7a52-9f0e-4c6b-8d7e-1f2a3b4c5d6e'

const PLEDGED = {
  agency: '11990100MB99010327',
  text: { zh: '没有可以提供的协助事项。', en: 'Nothing to offer.' },
  ...{ from: '2026-11-23', to: '2027-11-22', signedOn: '2026-11-23' },
  signedBy: { name: '某人', position: { zh: '局长', en: 'Director' } },
}
const PLEDGE = '/console/agencies/11990100MB99010327/pledge'

/** What stands for the parameters of a path, and a query where one is needed. */
const PATHS: Readonly<Record<string, string>> = {
  'GET /services/:code': '/services/S04',
  'GET /items/:code': '/items/MAR-01',
  'GET /agencies/:uscc': '/agencies/11990100MB99010327',
  'GET /problems/:code': '/problems/quota',
  'GET /assets/:hash/:name': '/assets/any/style.css',
  'GET /v1/catalog/items/:code': '/v1/catalog/items/MAR-01',
  'GET /v1/catalog/services/:code': '/v1/catalog/services/S04',
  'GET /v1/catalog/agencies/:uscc': '/v1/catalog/agencies/11990100MB99010327',
  'GET /v1/catalog/not-demandable': '/v1/catalog/not-demandable?q=结婚',
  'GET /v1/catalog/deadline': '/v1/catalog/deadline?from=2026-11-23&days=2',
  'GET /log/tile/:rest': '/log/tile/entries/000.p/1',
  'GET /v1/requests/:jti': `/v1/requests/${JTI}`,
  'GET /v1/requests/:jti/evidence': `/v1/requests/${JTI}/evidence`,
  'GET /v1/requests/:jti/statement': `/v1/requests/${JTI}/statement`,
  'PUT /v1/operator/registers/:id': '/v1/operator/registers/none',
  'DELETE /v1/admin/me/sessions/:id': `/v1/admin/me/sessions/${'A'.repeat(43)}`,
  'GET /v1/admin/registry': '/v1/admin/registry?kind=item',
  'GET /v1/admin/log/:number': '/v1/admin/log/0',
  'GET /v1/catalog/agencies/:uscc/gaps': '/v1/catalog/agencies/11990100MB99010327/gaps',
  'GET /v1/catalog/agencies/:uscc/lists': '/v1/catalog/agencies/11990100MB99010327/lists',
  'GET /console/items/:code/edit': '/console/items/MAR-01/edit',
  'GET /v1/admin/export/:kind': '/v1/admin/export/agreements',
  'GET /console/systems/:id': `/console/systems/${SYSTEM}`,
  'GET /console/systems/:id/keys/new': `/console/systems/${SYSTEM}/keys/new`,
  'GET /console/services/:code/edit': '/console/services/S03/edit',
  'GET /console/agencies/:uscc/pledge': PLEDGE,
  'GET /console/log/:number': '/console/log/0',
  'GET /console/log/:number/:file': '/console/log/0/record.json',
}

/** The form of a new system; its key is pasted. */
async function systemFields(on: Bench): Promise<Record<string, string>> {
  const { system, keys } = await on.systemDoc()
  const { id, agency, names } = system
  return {
    ...{ id, agency, nameZh: names.zh, nameEn: names.en, actsFor: agency, roles: 'caller' },
    ...{ perSecond: '5', burst: '10', key: JSON.stringify(keys[0]), step: 'send' },
  }
}

const form = (fields: Record<string, string>, path?: string): Asked => ({
  ...(path ? { path } : {}),
  body: new URLSearchParams(fields),
})

/** Of the owner's: whoever else sends it sees other fates than the owner did. */
const SHEET = '事项编码,费用（中文）\nCRE-01,免费\n'
const HELD = { kind: 'items', held: Buffer.from(SHEET).toString('base64') }
const sheet = (query: string): Asked => ({
  path: `/v1/admin/import?${query}`,
  body: new Blob([SHEET]),
  headers: { 'content-type': 'text/csv' },
})

const SPOKEN = 'application/json'
const opens = (kind: string, doc: unknown, verb = 'open'): Asked => ({
  body: { kind, verb, doc, reason: '测试' },
})
const acts = (
  verb: string,
  { id, revision }: { id: string; revision: number },
  more = {},
): Asked => ({
  path: `/v1/admin/proposals/${id}/${verb}`,
  body: { reason: '测试', ...more },
  headers: { 'if-match': `"${revision}"` },
})

/** What is sent for a row, on things that are made for this one cell. */
const SENT: Readonly<Record<string, (bench: Bench) => Promise<Asked>>> = {
  'POST /console/proposals/:id': async (on) => {
    const { id, revision } = await on.submitted()
    return form({ verb: 'approve', revision: String(revision) }, `/console/proposals/${id}`)
  },
  'GET /console/proposals/:id': async (on) => ({
    path: `/console/proposals/${(await on.draft()).id}`,
  }),
  'GET /console/proposals/:id/edit': async (on) => ({
    path: `/console/proposals/${(await on.draft()).id}/edit`,
  }),
  'POST /console/proposals/:id/edit': async (on) =>
    form({}, `/console/proposals/${(await on.draft()).id}/edit`),
  'POST /console/items/new': async () => form({}),
  'POST /console/agreements/new': async () => form({}),
  'GET /console/agreements/:id': async (on) => ({
    path: `/console/agreements/${(await on.loaded()).agreement.id}`,
  }),
  'POST /console/agreements/:id': async (on) => {
    const { agreement, application } = await on.loaded()
    return form(application, `/console/agreements/${agreement.id}`)
  },
  'GET /console/corrections/new of an answer': async (on) => ({
    path: `/console/corrections/new?entry=${await on.toOwner()}`,
  }),
  'POST /console/corrections/new': async (on) =>
    form({ entry: String(await on.toOwner()), 'claims.status': 'yes', reason: '测试' }),
  'POST /console/services/new': async () => form({}),
  'POST /console/services/:code/edit': async () => form({}, '/console/services/S03/edit'),
  'POST /console/agencies/:uscc/pledge': async () => form({}, PLEDGE),
  'POST /console/items/:code/edit': async () => form({}, '/console/items/MAR-01/edit'),
  'GET /console/items/:code/:what': async (on) => {
    await on.running()
    return { path: '/console/items/MAR-01/suspend' }
  },
  'POST /console/items/:code/:what': async (on) => {
    await on.running()
    return form({ reason: '测试' }, '/console/items/MAR-01/suspend')
  },
  'POST /console/import': async () => form(HELD),
  'POST /console/import propose': async (on) =>
    form({ ...HELD, seen: await on.seenOf(SHEET), step: 'propose' }),
  'POST /v1/admin/import': async (on) => ({
    ...sheet('kind=items&draft'),
    headers: { 'content-type': 'text/csv', 'if-match': `"${await on.seenOf(SHEET)}"` },
  }),
  'POST /v1/admin/import dry-run': async () => sheet('kind=items&dry-run'),
  'POST /console/session': async () => form({ id: 'A'.repeat(43) }),
  'GET /console/people/new': async ({ victim }) => ({ path: `/console/people/new?id=${victim}` }),
  'POST /console/people/new': async (on) => {
    const { roles, ...who } = on.newcomer('officer')
    return form({ ...who, roles: roles.join() })
  },
  'POST /console/systems/new': async (on) => form(await systemFields(on)),
  'POST /console/systems/:id/keys/new': async (on) => {
    const key = JSON.stringify(await on.freshKey())
    return form({ key, step: 'send' }, `/console/systems/${SYSTEM}/keys/new`)
  },
  'POST /console/systems/:id/key-end': async (on) => {
    const kid = await on.newKey()
    return form({ kid, verb: 'revoke', reason: '测试' }, `/console/systems/${SYSTEM}/key-end`)
  },
  'PUT /v1/operator/registry': async () => ({ body: {} }),
  'PUT /v1/operator/registers/:id': async () => ({ headers: { 'content-type': 'text/csv' } }),
  'POST /v1/admin/me/tokens': async () => ({ body: { name: '命令行' } }),
  'POST /sign-in/passkey': async () => form({ answer: '{}' }),
  'POST /console/session/tokens': async () => form({ name: '命令行', hours: '1' }),
  'POST /console/session/passkeys': async () => form({ name: '钥匙', answer: '{}' }),
  'POST /console/session/passkeys/remove': async () => form({ id: 'none' }),
  'DELETE /v1/admin/people/:id/sessions': async ({ victim }) => ({
    path: `/v1/admin/people/${victim}/sessions`,
  }),
  'GET /v1/admin/proposals/:id': async (on) => ({
    path: `/v1/admin/proposals/${(await on.draft()).id}`,
  }),
  'POST /v1/admin/proposals item open': async ({ item }) => opens('item', item),
  'POST /v1/admin/proposals retirement open': async (on) =>
    opens('retirement', await on.itemState()),
  'POST /v1/admin/proposals suspension suspend': async (on) =>
    opens('suspension', await on.itemState(), 'suspend'),
  'POST /v1/admin/proposals system open': async (on) => opens('system', await on.systemDoc()),
  'POST /v1/admin/proposals key open': async (on) =>
    opens('key', { system: SYSTEM, jwk: await on.freshKey() }),
  'POST /v1/admin/proposals key-end retire': async (on) =>
    opens('key-end', { system: SYSTEM, kid: await on.newKey() }, 'retire'),
  'POST /v1/admin/proposals key-end revoke': async (on) =>
    opens('key-end', { system: SYSTEM, kid: await on.newKey() }, 'revoke'),
  'POST /v1/admin/proposals agreement adopt': async (on) =>
    opens('agreement', await on.loaded(), 'adopt'),
  'POST /v1/admin/proposals correction report': async (on) =>
    opens('correction', await on.wrong(), 'report'),
  'POST /v1/admin/proposals/:id/:verb correction mend': async (on) =>
    acts('mend', await on.reported()),
  'POST /v1/admin/proposals person open': async (on) => opens('person', on.newcomer('officer')),
  'POST /v1/admin/proposals service open': async ({ gateway }) => {
    const { services } = await gateway.deps.registry.view()
    return opens('service', services.get('S03'))
  },
  'POST /v1/admin/proposals pledge open': async () => opens('pledge', PLEDGED),
  'POST /v1/admin/proposals agreement open': async ({ gateway }) =>
    opens('agreement', await applicationDoc(gateway, 'asks')),
  'POST /v1/admin/proposals/:id/:verb item edit': async (on) =>
    acts('edit', await on.draft(), { doc: on.item }),
  'POST /v1/admin/proposals/:id/:verb item submit': async (on) => acts('submit', await on.draft()),
  'POST /v1/admin/proposals/:id/:verb item withdraw': async (on) =>
    acts('withdraw', await on.submitted()),
  'POST /v1/admin/proposals/:id/:verb item return': async (on) =>
    acts('return', await on.submitted()),
  'POST /v1/admin/proposals/:id/:verb item approve': async (on) =>
    acts('approve', await on.submitted()),
  'POST /v1/admin/proposals/:id/:verb item send-back': async (on) =>
    acts('send-back', await on.approved()),
  'POST /v1/admin/proposals/:id/:verb item publish': async (on) =>
    acts('publish', await on.approved()),
  'POST /v1/admin/proposals/:id/:verb suspension lift': async (on) =>
    acts('lift', await on.suspension()),
  'POST /v1/admin/proposals/:id/:verb system approve': async (on) =>
    acts('approve', await on.system()),
  'POST /v1/admin/proposals/:id/:verb person approve': async (on) =>
    acts('approve', await on.person()),
  'POST /v1/admin/proposals/:id/:verb person approve an auditor': async (on) =>
    acts('approve', await on.farPerson()),
  'POST /v1/admin/proposals/:id/:verb person grant an auditor': async (on) =>
    acts('grant', await on.farPerson()),
}

/** What is sent for a move of an agreement: on an application of its own. */
const SENT_ON_AGREEMENTS: typeof SENT = Object.fromEntries(
  AGREEMENT_MOVES.map(([name, of, stage, more]) => [
    `POST /v1/admin/proposals/:id/:verb agreement ${name}`,
    async ({ gateway }: Bench) => {
      const [verb = ''] = name.split(' ')
      const proposal = await applicationAt(gateway, of, stage)
      const doc = verb === 'edit' || verb === 'amend' ? { doc: proposal.doc } : {}
      return acts(verb, proposal, { ...doc, ...more })
    },
  ]),
)

type Row = { readonly row: string; readonly expected: readonly number[] }

const ROWS: readonly Row[] = TABLE.trim()
  .split('\n')
  .slice(1)
  .filter((line) => line.includes('|'))
  .map((line) => {
    const [row = '', ...cells] = line.split('|').map((one) => one.trim())
    const everybody = /^(\d{3}) for everybody$/.exec(cells[0] ?? '')?.[1]
    const expected = everybody
      ? COLUMNS.map(() => Number(everybody))
      : cells.flatMap((cell) => cell.split('/').map(Number))
    return { row, expected }
  })

const routeOf = (row: string) => row.split(' ', 2).join(' ')

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterAll(checkWholeLog)

async function cell(row: string, column: Column): Promise<number> {
  const [method = '', pattern = ''] = row.split(' ')
  const { path, body, headers = {} } = (await (SENT[row] ?? SENT_ON_AGREEMENTS[row])?.(bench)) ?? {}
  const cookie = await bench.cookieOf(column)
  const isForm = body instanceof URLSearchParams || body instanceof Blob
  const spoken = body === undefined || isForm ? {} : { 'content-type': SPOKEN }
  const reply = await bench.gateway.app.request(`${ISSUER}${path ?? PATHS[row] ?? pattern}`, {
    method,
    headers: {
      'sec-fetch-site': 'same-origin',
      ...(cookie === undefined ? {} : { cookie }),
      ...spoken,
      ...headers,
    },
    ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
  })
  await reply.arrayBuffer()
  return reply.status
}

describe('the table', () => {
  const nameOf = (path: string) => path.replace(/\{[^}]*\}/g, '')

  test('has every route that there is, and no other; each is documented', async () => {
    const routes = bench.gateway.app.routes.filter(({ method }) => method !== 'ALL')
    const mounted = new Set(routes.map(({ method, path }) => `${method} ${nameOf(path)}`))
    expect([...new Set(ROWS.map(({ row }) => routeOf(row)))].sort()).toEqual([...mounted].sort())
    const { paths } = await (await bench.gateway.app.request('/openapi.json')).json()
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((one) => `${one.toUpperCase()} ${bare(path)}`),
    )
    expect(documented.sort()).toEqual([...new Set([...mounted].map(bare))].sort())
  })

  test('says something for each role, own and foreign', () => {
    for (const { row, expected } of ROWS) {
      expect([row, expected.length]).toEqual([row, COLUMNS.length])
      expect(expected.every((status) => status >= 200)).toBe(true)
    }
  })

  test('has each way in which anything is opened, and each move of an agreement', () => {
    const known = ROWS.map(({ row }) => row)
    const opened = [...KINDS.values()].flatMap(({ name, moves }) =>
      moves
        .filter(({ from }) => from.includes('new'))
        .map(({ verb }) => `POST /v1/admin/proposals ${name} ${verb}`),
    )
    expect(opened.filter((one) => !known.includes(one))).toEqual([])
    const moved = AGREEING.filter(({ from }) => !from.includes('new')).map(
      ({ verb }) => `POST /v1/admin/proposals/:id/:verb agreement ${verb}`,
    )
    expect(moved.filter((one) => !known.includes(one))).toEqual([])
  })
})

/** Names of parameters aside. */
function bare(path: string): string {
  return path.replace(/:\w+|\{\w+\}/g, '{}')
}

describe('each cell', () => {
  test.each(ROWS)('$row', async ({ row, expected }) => {
    const seen: Record<string, number> = {}
    for (const column of COLUMNS) seen[column] = await cell(row, column)
    expect(seen).toEqual(Object.fromEntries(COLUMNS.map((column, i) => [column, expected[i]])))
  })
})
