import type { ClaimContract } from '../contract/contract.ts'
import { regionCovers } from '../contract/identifiers.ts'
import { compareNames, isComparable, normalizeIdNumber } from '../contract/name.ts'
import type { Binding, ClaimBinding } from '../registry/documents.ts'
import { ProviderFailure, type Question, UNDETERMINED } from './connector.ts'

/** A register's row: columns to text, empty columns left out. */
export type Row = Readonly<Record<string, string>>

/** A binding whose provider gives rows, which the gateway reads as claims. */
type RowBinding = Exclude<Binding, { kind: 'http' }>

type Judged =
  | { outcome: 'NO_RECORD' | 'UNDETERMINED' }
  | { outcome: 'ANSWERED'; values: ReadonlyMap<string, unknown> }

/**
 * A row whose confirmation does not match is another person's: for this subject there is no record.
 * A confirmation that cannot be compared safely leaves the whole undetermined, never a mismatch.
 */
export function judgeRows(
  { item, subject, contract, ask }: Question<RowBinding>,
  rows: readonly Row[],
): Judged {
  // Looked up or not, so that such a name tells nothing about whether there is a record.
  if (item.connector.confirm.some((check) => isUndecidable(check, subject)))
    return { outcome: 'UNDETERMINED' }
  const confirmed = rows.map((row) => confirm(item.connector, subject, row))
  if (confirmed.includes('UNDETERMINED')) return { outcome: 'UNDETERMINED' }
  const own = rows.filter((_, i) => confirmed[i] === 'MATCH')
  if (own.length === 0) return { outcome: 'NO_RECORD' }
  const values = new Map<string, unknown>()
  for (const { claim: name } of ask) {
    const binding = item.connector.claims[name]
    const claim = contract.claims.get(name)
    if (!binding || !claim) throw new ProviderFailure('invalid', `claim ${name} is not bound`)
    const value = claimValue(claim, binding, { rows: own, subject })
    if (value !== undefined) values.set(name, value)
  }
  return { outcome: 'ANSWERED', values }
}

function confirm(
  { confirm: checks }: RowBinding,
  subject: Question['subject'],
  row: Row,
): 'MATCH' | 'MISMATCH' | 'UNDETERMINED' {
  const results = checks
    .filter((check) => typeof subject[check.subject] === 'string')
    .map((check) => {
      const asked = subject[check.subject] as string
      const held = row[check.column] ?? ''
      if (check.compare === 'name') return compareNames(asked, held)
      if (check.compare === 'id')
        return normalizeIdNumber(asked) === normalizeIdNumber(held) ? 'MATCH' : 'MISMATCH'
      if (check.compare === 'region') return regionCovers(asked, held) ? 'MATCH' : 'MISMATCH'
      return asked === held ? 'MATCH' : 'MISMATCH'
    })
  if (results.includes('MISMATCH')) return 'MISMATCH'
  return results.includes('UNDETERMINED') ? 'UNDETERMINED' : 'MATCH'
}

function isUndecidable(
  { subject: member, compare }: RowBinding['confirm'][number],
  subject: Question['subject'],
): boolean {
  const asked = subject[member]
  return compare === 'name' && typeof asked === 'string' && !isComparable(asked)
}

/** Where a person has several rows that differ, a claim without a rule for them cannot be told. */
function claimValue(
  claim: ClaimContract,
  binding: ClaimBinding,
  { rows, subject }: { rows: readonly Row[]; subject: Question['subject'] },
): unknown {
  const cells = binding.column === undefined ? [] : rows.map((row) => row[binding.column as string])
  switch (binding.aggregate) {
    case 'exists':
      return true
    case 'count':
      return rows.length
    case 'any':
      return cells.some((cell) => cell === 'true')
    case 'list':
      return rows.map((row) => pick(binding.fields ?? {}, row))
    default:
      if (new Set(cells).size > 1) return UNDETERMINED
      if (binding.comparedWith !== undefined)
        return compared(subject[binding.comparedWith], cells[0])
      return typed(claim, cells[0])
  }
}

function compared(asked: unknown, held: string | undefined): unknown {
  if (typeof asked !== 'string' || held === undefined) return undefined
  const result = compareNames(asked, held)
  return result === 'UNDETERMINED' ? UNDETERMINED : result === 'MATCH'
}

function pick(fields: Readonly<Record<string, string>>, row: Row): Record<string, string> {
  const entries = Object.entries(fields).map(([name, column]) => [name, row[column]])
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

/** CSV text as the claim's schema types it. What does not convert is left to the schema to refuse. */
function typed({ schema }: ClaimContract, cell: string | undefined): unknown {
  if (cell === undefined) return undefined
  if (schema.type === 'integer' || schema.type === 'number') return Number(cell)
  if (schema.type === 'boolean') return cell === 'true' ? true : cell === 'false' ? false : cell
  return cell
}
