import type { Context } from 'hono'
import type { Deps } from '../../deps.ts'
import type { Visitor } from '../../people/session.ts'
import type { Registry } from '../../registry/registry.ts'
import { type View, viewOf } from '../view.ts'
import { pick } from '../words.ts'

/** The view of somebody signed in: his name, and the agency of his first role. */
export function consoleView(
  c: Context,
  deps: Pick<Deps, 'look' | 'signIn'>,
  { visitor, registry }: { readonly visitor: Visitor; readonly registry: Registry },
): View {
  const view = viewOf(c, deps)
  const { name, roles } = visitor.person
  const uscc = roles[0]?.agency ?? ''
  const names = registry.agencies.get(uscc)?.names
  const agency = names ? pick(view.lang, names) : uscc
  return { ...view, visitor: { name, agency, roles: roles.map(({ role }) => role) } }
}
