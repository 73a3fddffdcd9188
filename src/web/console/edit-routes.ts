import { zValidator } from '@hono/zod-validator'
import { Hono } from 'hono'
import type { Deps } from '../../deps.ts'
import { limited, proposalParam } from '../../http/admin-proposals.ts'
import { invalidParameters } from '../../http/input.ts'
import { ownForms } from '../../http/visitor.ts'
import { noStore } from '../handle.ts'
import { drafting, formPage } from './drafting.ts'
import { enter } from './enter.ts'
import { onConsoleError } from './trouble.ts'

/** `/console/proposals/:id/edit`: a draft, or an application that is to be corrected, by its kind's own form. */
export function editPages(deps: Deps): Hono {
  const param = zValidator('param', proposalParam, invalidParameters)
  const { editing, saving } = drafting(deps)
  return new Hono()
    .onError(onConsoleError)
    .use(ownForms(deps))
    .use(noStore)
    .get('/:id/edit', param, async (c) => {
      const desk = await enter(deps, c)
      return c.html(formPage(desk, await editing(desk, c.req.valid('param').id)))
    })
    .post('/:id/edit', limited(), param, async (c) =>
      saving(c, await enter(deps, c), c.req.valid('param').id),
    )
}
