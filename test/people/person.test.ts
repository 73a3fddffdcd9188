import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  agenciesOf,
  holds,
  personName,
  ROLE_NAMES,
  type Role,
  sideOf,
} from '../../src/people/person.ts'

const role = fc.record({
  role: fc.constantFrom(...ROLE_NAMES),
  agency: fc.constantFrom('A', 'B', 'C'),
})

test('a role counts for its own agency and for no other', () => {
  const ann = { roles: [{ role: 'admin', agency: 'A' }] } satisfies { roles: readonly Role[] }
  expect(holds(ann, 'admin', 'A')).toBe(true)
  expect(holds(ann, 'admin', 'B')).toBe(false)
  expect(holds(ann, 'approver', 'A')).toBe(false)
  expect(agenciesOf(ann, 'admin')).toEqual(['A'])
})

test('whatever the roles, one is held exactly where it was given', () => {
  fc.assert(
    fc.property(fc.array(role, { maxLength: 8 }), role, (roles, asked) => {
      const given = roles.some((one) => one.role === asked.role && one.agency === asked.agency)
      expect(holds({ roles }, asked.role, asked.agency)).toBe(given)
      expect(agenciesOf({ roles }, asked.role).includes(asked.agency)).toBe(given)
    }),
  )
})

test('only auditors audit', () => {
  const audit = ROLE_NAMES.filter((name) => sideOf(name) === 'audit')
  expect(audit).toEqual(['auditor'])
})

test.each(['安宁', 'Ann O’Neill', '买买提·艾力'])('a name may be %s', (name) => {
  expect(personName.safeParse(name).success).toBe(true)
})

test.each(['', '   ', 'a\nb', 'a\u202eb', 'a\u0007', 'x'.repeat(65)])('no name: %j', (name) => {
  expect(personName.safeParse(name).success).toBe(false)
})
