import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import { Refusal } from '../../errors.ts'
import { actorOf } from '../../http/admin-proposals.ts'
import { requireVisitor } from '../../http/visitor.ts'
import type { Person } from '../../people/person.ts'
import type { Actor } from '../../proposal/actor.ts'
import type { Registry } from '../../registry/registry.ts'
import type { Link } from '../page.ts'
import type { View } from '../view.ts'
import { consoleView } from './console-view.ts'
import { menuOf } from './menu.ts'

/** What every page of the console is made for: who reads it, in which language, on which registry, when. */
export type Desk = {
  readonly view: View
  readonly menu: readonly Link[]
  readonly registry: Registry
  readonly person: Person
  readonly actor: Actor
  /** Epoch milliseconds. */
  readonly now: number
}

/** @throws Refusal `signed-out`. */
export async function enter(deps: Deps, c: Context): Promise<Desk> {
  const visitor = await requireVisitor(deps, c)
  const registry = await deps.registry.view()
  const view = consoleView(c, deps, { visitor, registry })
  const { person } = visitor
  const menu = menuOf(view.lang, person)
  return { view, menu, registry, person, actor: actorOf(visitor), now: deps.clock() }
}

/** The agencies that somebody may propose for: nobody does for a suspended one. */
export function administered({ actor, registry }: Desk): readonly string[] {
  const own = actor.roles.filter(({ role }) => role === 'admin').map(({ agency }) => agency)
  return own.filter((uscc) => registry.agencies.get(uscc)?.status === 'active')
}

/** The same. @throws Refusal `forbidden` for whoever administers none. */
export function mustAdminister(desk: Desk): readonly string[] {
  const agencies = administered(desk)
  if (agencies.length === 0) throw new Refusal('forbidden')
  return agencies
}
