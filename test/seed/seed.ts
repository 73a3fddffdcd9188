import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { type Contract, loadContract } from '../../src/contract/contract.ts'
import {
  agencySchema,
  agreementSchema,
  itemSchema,
  registerSchema,
  systemSchema,
} from '../../src/registry/documents.ts'

const top = new URL('../../', import.meta.url)

export function readText(path: string): string {
  return readFileSync(new URL(path, top), 'utf8')
}

function readJson(path: string): unknown {
  return JSON.parse(readText(path))
}

export const agencies = z.array(agencySchema).parse(readJson('seed/agencies.json'))
export const systems = z.array(systemSchema).parse(readJson('seed/systems.json'))
export const items = z.array(itemSchema).parse(readJson('seed/items.json'))
export const agreements = z.array(agreementSchema).parse(readJson('seed/agreements.json'))
export const registers = z.array(registerSchema).parse(readJson('seed/registers.json'))

type Code = { readonly code: string; readonly title?: string; readonly mark?: string }
export const purposes = readJson('seed/purposes.json') as {
  readonly services: readonly Code[]
  readonly bases: readonly Code[]
  readonly scenarios: readonly Code[]
}

export type Example = {
  readonly name: string
  readonly family?: boolean
  readonly system: string
  readonly claims: Readonly<Record<string, unknown>> & {
    readonly item: string
    readonly requester: string
    readonly case: string
    readonly subject: Readonly<Record<string, unknown>>
  }
  readonly expect: { readonly status: number; readonly outcome?: string; readonly code?: string }
  readonly results?: Readonly<Record<string, unknown>>
}
export const examples = readJson('seed/examples.json') as readonly Example[]

export const CONTRACT_CODES = ['ENT-01', 'ID-01', 'HK-01', 'MAR-01', 'RE-01', 'ECHO-00'] as const

export function contractOf(code: string): Contract {
  return loadContract(readJson(`contracts/items/${code}.json`))
}

export type Row = Record<string, string>

/** The committed rows of a register, empty cells left out as on import. */
export function rowsOf(register: { readonly file?: string | undefined }): Row[] {
  const rows = parse(readText(`seed/${register.file}`), { columns: true }) as Row[]
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== '')),
  )
}
