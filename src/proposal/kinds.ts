import type { Kind } from './kind.ts'
import { agreementKind } from './kinds/agreement.ts'
import { correctionKind } from './kinds/correction.ts'
import { pledgeKind, serviceKind } from './kinds/document.ts'
import { itemKind } from './kinds/item.ts'
import { retirementKind, suspensionKind } from './kinds/item-state.ts'
import { keyEndKind } from './kinds/key-end.ts'
import { personKind } from './kinds/person.ts'
import { keyKind, systemKind } from './kinds/system.ts'

/** Everything that people change the registry by, by name. */
export const KINDS: ReadonlyMap<string, Kind> = new Map(
  [
    agreementKind,
    itemKind,
    serviceKind,
    pledgeKind,
    suspensionKind,
    retirementKind,
    systemKind,
    keyKind,
    keyEndKind,
    personKind,
    correctionKind,
  ].map((kind) => [kind.name, kind]),
)
