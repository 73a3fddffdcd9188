import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { ContractError } from '../../src/contract/contract-error.ts'
import { readContracts } from '../../src/platform/seed.ts'
import { RegistryError } from '../../src/registry/apply.ts'
import { checkWholeLog, temporaryFolder } from '../harness.ts'

afterEach(checkWholeLog)

const SOUND = readFileSync(new URL('../../contracts/items/ID-01.json', import.meta.url), 'utf8')

/** A home whose only contract is this text. */
function homeWith(text: string, name = 'ID-01.json'): string {
  const home = temporaryFolder()
  mkdirSync(join(home, 'contracts/items'), { recursive: true })
  writeFileSync(join(home, 'contracts/items', name), text)
  return home
}

/** The sound contract with its subject's identity number described otherwise. */
function withIdNo(schema: Readonly<Record<string, unknown>>): string {
  const contract = JSON.parse(SOUND)
  contract.subject.properties.idNo = schema
  return JSON.stringify(contract)
}

async function refusalOf(home: string): Promise<unknown> {
  return readContracts(home).then(
    () => 'accepted',
    (error) => error,
  )
}

describe('a contract is refused when it is loaded, by file and JSON pointer', () => {
  const idNo = '/subject/properties/idNo'

  test.each([
    ['another dialect', { $schema: 'http://json-schema.org/draft-07/schema#' }, '/$schema'],
    ['a reference to the outside', { $ref: 'https://example.org/id.json' }, '/$ref'],
    ['a file beside it', { $ref: './ENT-01.json' }, '/$ref'],
    ['a pattern that runs away', { type: 'string', pattern: '^([0-9]+)*X$' }, '/pattern'],
  ])('%s', async (_, schema, at) => {
    const refusal = await refusalOf(homeWith(withIdNo(schema)))
    expect(refusal).toBeInstanceOf(ContractError)
    const { file, pointer, message } = refusal as ContractError
    expect({ file, pointer }).toEqual({
      file: 'contracts/items/ID-01.json',
      pointer: `${idNo}${at}`,
    })
    expect(message).toMatch(/^contracts\/items\/ID-01\.json#\/subject\/properties\/idNo\//)
  })

  test('also where it is no JSON, or stands under another name', async () => {
    const broken = await refusalOf(homeWith(SOUND.slice(0, -20)))
    expect(broken).toBeInstanceOf(RegistryError)
    expect((broken as Error).message).toMatch(/^contracts\/items\/ID-01\.json: /)
    const misnamed = await refusalOf(homeWith(SOUND, 'ID-02.json'))
    expect(misnamed).toEqual(
      new RegistryError('contracts/items/ID-02.json: holds the contract of ID-01'),
    )
  })

  test('and read where it is sound', async () => {
    expect(await readContracts(homeWith(SOUND))).toEqual([JSON.parse(SOUND)])
  })
})
