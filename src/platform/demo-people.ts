import type { Deps } from '../deps.ts'
import { DEMO_ISSUER } from '../people/demo.ts'
import { listPeople } from '../people/people.ts'
import { ROLES } from '../web/texts/roles.ts'
import type { DemoPerson } from './demo-identity-pages.ts'

/** Everybody whom the development identity provider vouches for, by agency as the seed has them. */
export async function demoPeople({
  store,
  registry,
}: Pick<Deps, 'store' | 'registry'>): Promise<readonly DemoPerson[]> {
  const { agencies } = await registry.view()
  const people = await listPeople(store.db)
  const order = [...agencies.keys()]
  const place = (agency = '') => order.indexOf(agency)
  return people
    .filter(({ issuer }) => issuer === DEMO_ISSUER)
    .sort((one, other) => place(one.roles[0]?.agency) - place(other.roles[0]?.agency))
    .map(({ subject, name, roles }) => ({
      subject,
      name,
      roles: roles.map(({ role, agency }) => {
        const names = agencies.get(agency)?.names ?? { zh: agency, en: agency }
        return {
          zh: `${ROLES['zh-CN'][role]} · ${names.zh}`,
          en: `${ROLES.en[role]}, ${names.en}`,
        }
      }),
    }))
}
