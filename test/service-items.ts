import type { Deps } from '../src/deps.ts'
import { applyDocuments } from '../src/registry/apply.ts'
import { type Material, type Service, serviceSchema } from '../src/registry/service-item.ts'

const NONE = {
  noBasis: false,
  outdated: false,
  obtainable: false,
  shiftsDuty: false,
  provenElsewhere: false,
}
export const TESTS: Readonly<Record<Material['decision']['kind'], Material['tests']>> = {
  replaced: { ...NONE, obtainable: true },
  committed: NONE,
  abolished: { ...NONE, noBasis: true },
  kept: NONE,
}

/** A material that follows from its decision; `names` may be given to be searched for. */
export function material(
  id: string,
  decision: Material['decision'],
  names = { zh: `材料${id}`, en: `Paper ${id}` },
): Material {
  return {
    id,
    names,
    decision,
    tests: TESTS[decision.kind],
    reason: { zh: '理由', en: 'Reason' },
    law: [{ title: '政务数据共享条例', article: '第十九条', mark: 'read' }],
  }
}

const HOUSING_BUREAU = '11990100MB9901075L'

/** Seven papers, one of each kind and more: 7 before; one item has no machine behind it, so 2 remain. */
export const MOVING: Service = serviceSchema.parse({
  code: 'T01',
  names: { zh: '迁居登记', en: 'Registration of a move' },
  state: 'published',
  lead: HOUSING_BUREAU,
  law: [{ title: '政务数据共享条例', mark: 'read' }],
  materials: [
    material('T01-01', { kind: 'kept' }, { zh: '迁居申请书', en: 'Application to move' }),
    material(
      'T01-02',
      { kind: 'replaced', items: ['ID-01', 'HK-01'] },
      { zh: '旧居证明（原件）', en: 'Proof of the former home' },
    ),
    material('T01-03', { kind: 'replaced', items: ['MAR-01'] }),
    material(
      'T01-04',
      { kind: 'replaced', items: ['ID-01', 'KIN-01'] },
      { zh: '同住亲属证明', en: 'Proof of kin at home' },
    ),
    material('T01-05', {
      kind: 'committed',
      afterCheck: { item: 'RE-01', how: { zh: '事后查询', en: 'Asked later' }, dueWorkingDays: 20 },
    }),
    material('T01-06', { kind: 'abolished' }, { zh: '邻里意见', en: 'Opinion of neighbours' }),
    material('T01-07', { kind: 'replaced', items: ['ENT-01'] }),
  ],
})

/** Puts services into a test gateway beside what is seeded. */
export async function applyServices(
  { store, registry }: Pick<Deps, 'store'> & { registry: Pick<Deps['registry'], 'refresh'> },
  services: readonly Service[],
): Promise<void> {
  const nothing = { agencies: [], systems: [], items: [], agreements: [], registers: [] }
  const documents = { ...nothing, contracts: [], blacklists: [], services: [...services] }
  await applyDocuments(store.db, documents, [])
  await registry.refresh()
}
