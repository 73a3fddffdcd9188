import { expect } from 'vitest'
import type { RoleName } from '../src/people/person.ts'
import type { Proposing } from '../src/proposal/act.ts'
import type { Actor } from '../src/proposal/actor.ts'
import { KINDS } from '../src/proposal/kinds.ts'
import type { Item } from '../src/registry/documents.ts'
import { NOW, type TestGateway } from './harness.ts'

export const CIVIL = '11990100MB99010327'
export const MARKET = '11990100MB99010402'
export const BUREAU = '11990100MB9901016H'
export const COUNTY = '11990102MB9901104W'

/** A signed-in person who proved who he is a moment ago. */
export function person(id: string, ...roles: readonly [RoleName, string][]): Actor {
  return { id, roles: roles.map(([role, agency]) => ({ role, agency })), steppedUpAt: NOW }
}

export const admin = person('p-admin', ['admin', CIVIL])
export const head = person('p-head', ['approver', CIVIL])
export const authority = person('p-authority', ['authority', BUREAU])

export function proposing({ deps }: TestGateway): Proposing {
  return { ...deps, kinds: KINDS, today: () => '2026-11-23' }
}

/** The published version of an item, to be proposed anew. */
export async function itemOf({ deps }: TestGateway, code: string): Promise<Item> {
  const item = (await deps.registry.view()).items.get(code)?.[0]
  expect(item).toBeDefined()
  return item as Item
}

/** The log's last leaf. */
export async function lastLeaf({ deps }: TestGateway): Promise<Record<string, unknown>> {
  const { size, base } = await deps.store.readHead()
  return JSON.parse((await deps.store.readLeaf(base + size - 1)) as string)
}
