import { describe, expect, it } from 'vitest'
import { asFailure } from '../../src/cli/failure.ts'
import { ConfigError } from '../../src/config.ts'
import { ImportError } from '../../src/connector/import.ts'
import { ContractError } from '../../src/contract/contract-error.ts'
import { EraseError } from '../../src/evidence/erase-error.ts'
import { DamagedLog } from '../../src/log/open.ts'
import { LogUnavailable } from '../../src/log/unavailable.ts'
import { KeyError } from '../../src/platform/key-file.ts'
import { PolicyError } from '../../src/policy/cedar.ts'
import { RegistryError } from '../../src/registry/apply.ts'

describe('what a person reads when a command fails', () => {
  it.each([
    [new DamagedLog('entry 9 was altered'), 1],
    [new ConfigError('PORT: too large'), 2],
    [new KeyError('the key file log is missing'), 1],
    [new ImportError('marriage', [], 0), 1],
    [new EraseError('unknown', 'no record of the request'), 1],
    [new LogUnavailable('the entry is not known to be durable'), 1],
    [new PolicyError('city.cedar: line 3'), 2],
    [new ContractError('shape', '/claims', 'no such claim'), 2],
    [new RegistryError('items/0: provider'), 2],
    [Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' }), 1],
    [Object.assign(new Error('no such file'), { code: 'ENOENT', path: 'a.csv' }), 2],
  ])('%s', (error, exitCode) => {
    const failure = asFailure(error)
    expect(failure.exitCode).toBe(exitCode)
    expect(failure.zh).toMatch(/[\u4e00-\u9fff]/)
    expect(failure.en).not.toContain('Unexpected')
  })

  it('admits what it did not foresee, without a stack', () => {
    const { exitCode, en } = asFailure(new Error('boom'))
    expect({ exitCode, en }).toEqual({
      exitCode: 1,
      en: 'Unexpected: boom (MIANZHENG_DEBUG=1 shows the stack)',
    })
  })
})
