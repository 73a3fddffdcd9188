import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { secureHeaders } from 'hono/secure-headers'
import { logReader } from './audit/reading.ts'
import type { Deps } from './deps.ts'
import { Refusal } from './errors.ts'
import { adminExportRoutes } from './http/admin-export.ts'
import { adminImportRoutes } from './http/admin-import.ts'
import { adminLogRoutes } from './http/admin-log.ts'
import { meRoutes } from './http/admin-me.ts'
import { peopleRoutes } from './http/admin-people.ts'
import { proposalRoutes } from './http/admin-proposals.ts'
import { registryRoutes } from './http/admin-registry.ts'
import { agencyRoutes } from './http/agencies.ts'
import { agencyViewRoutes } from './http/agency-views.ts'
import { calendarRoutes } from './http/calendar.ts'
import { catalogRoutes } from './http/catalog.ts'
import { exportRoutes } from './http/export.ts'
import { healthRoutes } from './http/health.ts'
import { logRoutes } from './http/log.ts'
import { type Exposition, metricsRoute } from './http/metrics.ts'
import { type Observer, observing } from './http/observe.ts'
import { openApiRoute } from './http/openapi.ts'
import { operatorRoutes } from './http/operator.ts'
import type { Operator } from './http/operator-proof.ts'
import { ownSessionRoutes } from './http/own-session.ts'
import { passkeyRoutes } from './http/passkey.ts'
import { onError } from './http/problem.ts'
import { problemRoutes } from './http/problems.ts'
import { requestRoutes } from './http/requests.ts'
import { sandboxRoutes } from './http/sandbox.ts'
import { serviceRoutes } from './http/service-items.ts'
import { signInRoutes } from './http/sign-in.ts'
import { type WellKnown, wellKnownRoutes } from './http/well-known.ts'
import { assetRoutes } from './web/asset-routes.ts'
import { agreementPages } from './web/console/agreement-routes.ts'
import { correctionPages } from './web/console/correction-routes.ts'
import { editPages } from './web/console/edit-routes.ts'
import { importPages } from './web/console/import-routes.ts'
import { itemPages } from './web/console/item-routes.ts'
import { logPages } from './web/console/log-routes.ts'
import { peoplePages } from './web/console/people-routes.ts'
import { proposalPages } from './web/console/proposal-routes.ts'
import { servicePages } from './web/console/service-routes.ts'
import { systemPages } from './web/console/system-routes.ts'
import { consoleFrame } from './web/console/trouble.ts'
import { publicRoutes } from './web/public/routes.ts'

/** Pages run and load what this gateway itself serves, nothing else; nobody frames them. */
const CONTENT_POLICY = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  scriptSrc: ["'self'"],
  connectSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
}

/** What the operator watches by; without it a request is neither timed nor told of. */
export type Watch = {
  readonly observers?: readonly Observer[]
  readonly exposition?: Exposition | undefined
}

/**
 * The whole gateway as one fetch handler. No logic here: routers are mounted, errors have one exit.
 *
 * @param more what the operator watches by, and who he is: without his key there are no routes for uploads.
 */
export function createApp(
  deps: Deps,
  own: WellKnown,
  {
    observers = [],
    exposition,
    operator,
  }: Watch & { readonly operator?: Operator | undefined } = {},
): Hono {
  const app = new Hono()
  if (observers.length > 0) app.use(observing(observers))
  app.onError(onError(deps, (c) => consoleFrame(deps, c)))
  app.notFound(() => {
    throw new Refusal('not-found')
  })
  app.route('/v1/requests', requestRoutes(deps))
  app.use(
    secureHeaders({
      contentSecurityPolicy: CONTENT_POLICY,
    }),
  )
  app.route('/.well-known', wellKnownRoutes(deps, own))
  app.route('/', logRoutes(deps))
  app.use('/v1/catalog/*', etag())
  app.route('/v1/catalog', catalogRoutes(deps))
  app.route('/v1/catalog', serviceRoutes(deps))
  app.route('/v1/catalog', agencyRoutes(deps))
  app.route('/v1/catalog', agencyViewRoutes(deps))
  app.route('/v1/catalog', calendarRoutes(deps))
  app.route('/v1/catalog/export', exportRoutes(deps))
  app.route('/v1/sandbox', sandboxRoutes(deps))
  const reader = logReader(deps)
  app.route('/v1/admin/me', meRoutes(deps))
  app.route('/v1/admin/people', peopleRoutes(deps))
  app.route('/v1/admin/proposals', proposalRoutes(deps))
  app.route('/v1/admin/export', adminExportRoutes(deps))
  app.route('/v1/admin/import', adminImportRoutes(deps))
  app.route('/v1/admin/registry', registryRoutes(deps))
  app.route('/v1/admin/log', adminLogRoutes(deps, reader))
  if (operator) app.route('/v1/operator', operatorRoutes(deps, operator))
  app.route('/', openApiRoute(deps, { hasOperator: operator !== undefined }))
  app.route('/', healthRoutes(deps))
  app.route('/', metricsRoute(exposition))
  app.route('/', signInRoutes(deps))
  app.route('/sign-in/passkey', passkeyRoutes(deps))
  app.route('/console/session', ownSessionRoutes(deps))
  app.route('/console/log', logPages(deps, reader, own.logIdentity))
  app.route('/console/systems', systemPages(deps))
  app.route('/console/people', peoplePages(deps))
  app.route('/console/import', importPages(deps))
  app.route('/console/proposals', editPages(deps))
  app.route('/console/agreements', agreementPages(deps))
  app.route('/console/corrections', correctionPages(deps))
  app.route('/console', itemPages(deps))
  app.route('/console', servicePages(deps))
  app.route('/console', proposalPages(deps))
  app.route('/assets', assetRoutes(deps))
  app.route('/problems', problemRoutes(deps))
  app.route('/', publicRoutes(deps))
  return app
}
