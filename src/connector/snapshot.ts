import { normalizeIdNumber } from '../contract/name.ts'
import type { Register, SnapshotBinding } from '../registry/documents.ts'
import type { Snapshot } from '../registry/registry.ts'
import type { Store } from '../storage/store.ts'
import { type Connector, lookedUpBy, ProviderFailure, type Question } from './connector.ts'
import { judgeRows, type Row } from './rows.ts'

const DAY_MILLIS = 86_400_000

/** How a row is found again: the column and the normalised value. */
export function lookupKey(column: string, value: string): string {
  return `${column}:${normalizeIdNumber(value)}`
}

/**
 * Answers from a register that its provider handed over whole. A snapshot older than the register's
 * stated update frequency cannot tell: everything is UNDETERMINED, nothing is looked up (promise 7).
 */
export function snapshotConnector(store: Pick<Store, 'snapshotRows'>): Connector<SnapshotBinding> {
  return async (question) => {
    const { registry, item, subject, now } = question
    const held = registry.registers.get(item.connector.register)
    if (!held?.snapshot)
      throw new ProviderFailure('down', `register ${item.connector.register} has no snapshot`)
    const { register, snapshot } = held
    const source = { register: register.id, version: snapshot.version }
    const from = { asOf: new Date(snapshot.asOf).toISOString(), source }
    if (isStale(held.register, snapshot, now)) return { ...from, outcome: 'UNDETERMINED' }
    const key = keyOf(item.connector, subject)
    const docs = await store.snapshotRows(snapshot.id, key)
    if (!docs) throw new ProviderFailure('down', `a snapshot of ${register.id} was replaced`)
    const rows = docs.map((doc) => JSON.parse(doc) as Row)
    return { ...from, ...judgeRows(question, rows) }
  }
}

/** Whether a snapshot is older than its register's stated update frequency. */
export function isStale(
  { updateFrequency }: Pick<Register, 'updateFrequency'>,
  { asOf }: Pick<Snapshot, 'asOf'>,
  now: number,
): boolean {
  return now - asOf > frequencyMillis(updateFrequency)
}

/** `P30D` → milliseconds. */
function frequencyMillis(duration: string): number {
  return Number(duration.slice(1, -1)) * DAY_MILLIS
}

function keyOf(binding: SnapshotBinding, subject: Question['subject']): string {
  const by = lookedUpBy(binding, subject)
  if (!by)
    throw new ProviderFailure('invalid', 'the contract admits a subject without a lookup key')
  return lookupKey(by.column, by.value)
}
