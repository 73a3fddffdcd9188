import { clock } from '../../calendar/clocks.ts'
import { check } from '../../registry/checks/check.ts'
import { type Pledge, pledgeSchema } from '../../registry/pledge.ts'
import { nextVersion } from '../../registry/registry.ts'
import { type Service, serviceSchema } from '../../registry/service-item.ts'
import type { Kind } from '../kind.ts'
import { PUBLISHING, PUBLISHING_SINCE } from './item.ts'
import { barOpening, changeRun, publishingClocks } from './publishing-clocks.ts'

/** 20 working days from the day on which the service came about. */
const REGISTRATION = { name: 'service-registration', clock: clock('service-registration') }

/** A public service with its papers; what it was before stays in the proposals and the log. */
export const serviceKind: Kind<Service> = {
  name: 'service',
  thing: (target) => `service/${target}`,
  schema: serviceSchema,
  moves: PUBLISHING_SINCE,
  place: ({ code, lead }) => ({ target: code, agency: lead }),
  current: ({ target }, { registry: { services } }) => services.get(target),
  prepare: async (doc) => ({ ...doc, state: 'published' }),
  check: (document, about) => check({ kind: 'service', document }, about),
  bar: ({ verb }, on) => (verb === 'open' ? barOpening(on) : undefined),
  clocks: publishingClocks('service', [], (history) => changeRun('service', history, REGISTRATION)),
  effect: (document, { db }) => {
    const { code, state } = document
    const doc = JSON.stringify(document)
    const service = db.insertInto('service').values({ code, state, doc })
    return [
      service.onConflict((on) => on.column('code').doUpdateSet({ state, doc })),
      nextVersion(db),
    ]
  },
}

/** 零报告承诺: published like an item, since the public is told of it. */
export const pledgeKind: Kind<Pledge> = {
  name: 'pledge',
  thing: (target) => `pledge/${target}`,
  schema: pledgeSchema,
  moves: PUBLISHING,
  place: ({ agency }) => ({ target: agency, agency }),
  current: ({ target }, { registry: { pledges } }) => pledges.get(target),
  check: (document, about) => check({ kind: 'pledge', document }, about),
  clocks: publishingClocks('pledge'),
  effect: (document, { db }) => {
    const { agency } = document
    const doc = JSON.stringify(document)
    const pledge = db.insertInto('pledge').values({ agency, doc })
    return [pledge.onConflict((on) => on.column('agency').doUpdateSet({ doc })), nextVersion(db)]
  },
}
