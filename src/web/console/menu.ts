import type { Person, RoleName } from '../../people/person.ts'
import type { Lang } from '../language.ts'
import type { Link } from '../page.ts'
import { messages } from '../words.ts'

const SAYS = messages(
  {
    inbox: '待办',
    items: '协助事项',
    services: '服务事项',
    agreements: '共享约定',
    proposals: '变更',
    systems: '接入系统',
    people: '人员',
    import: '导入',
    log: '日志',
  },
  {
    inbox: 'To do',
    items: 'Items',
    services: 'Services',
    agreements: 'Agreements',
    proposals: 'Changes',
    systems: 'Systems',
    people: 'People',
    import: 'Import',
    log: 'Log',
  },
)

type Entry = {
  readonly href: string
  readonly text: keyof (typeof SAYS)['en']
  /** Undefined: everybody who is signed in. */
  readonly roles?: readonly RoleName[]
}

/** At most eight a person, in the order in which they are used. */
const ENTRIES: readonly Entry[] = [
  { href: '/console', text: 'inbox' },
  { href: '/console/items', text: 'items', roles: ['admin', 'approver', 'authority'] },
  { href: '/console/services', text: 'services', roles: ['admin', 'approver', 'authority'] },
  {
    ...{ href: '/console/agreements', text: 'agreements' },
    roles: ['admin', 'approver', 'authority', 'officer'],
  },
  { href: '/console/proposals', text: 'proposals' },
  { href: '/console/systems', text: 'systems', roles: ['admin', 'approver', 'authority'] },
  { href: '/console/people', text: 'people', roles: ['admin', 'approver', 'authority'] },
  { href: '/console/import', text: 'import', roles: ['admin'] },
  { href: '/console/log', text: 'log', roles: ['auditor'] },
]

/** The console's left menu: what this person's roles are for. */
export function menuOf(lang: Lang, { roles }: Pick<Person, 'roles'>): readonly Link[] {
  return ENTRIES.filter(
    (entry) => !entry.roles || roles.some(({ role }) => entry.roles?.includes(role)),
  ).map(({ href, text }) => ({ href, text: SAYS[lang][text] }))
}
