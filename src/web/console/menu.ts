import type { Person } from '../../people/person.ts'
import type { Lang } from '../language.ts'
import type { Link } from '../page.ts'
import { messages } from '../words.ts'

const SAYS = messages({ log: '日志' }, { log: 'Log' })

/** The console's left menu: what this person's roles are for. */
export function menuOf(lang: Lang, { roles }: Pick<Person, 'roles'>): readonly Link[] {
  const isAuditor = roles.some(({ role }) => role === 'auditor')
  return isAuditor ? [{ href: '/console/log', text: SAYS[lang].log }] : []
}
