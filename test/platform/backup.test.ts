import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { DamagedLog } from '../../src/log/open.ts'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog, openTestGateway, type TestGateway, temporaryFolder } from '../harness.ts'

afterEach(checkWholeLog)

const HOME = fileURLToPath(new URL('../../', import.meta.url))
const marriage = claimsOf('family-4-marriage')

/** The command of the manual, as an operator pastes it. */
function backUp({ dir }: TestGateway): string {
  const manual = readFileSync(join(HOME, 'docs/operations/README.md'), 'utf8')
  const script = /node -e "([^"]+)" "\$DATA_DIR\/gateway\.sqlite"/.exec(manual)?.[1]
  const copy = join(temporaryFolder(), 'copy.sqlite')
  const args = ['-e', String(script), join(dir, 'gateway.sqlite'), copy]
  execFileSync(process.execPath, args, { cwd: HOME })
  return copy
}

function restore({ dir }: TestGateway, copy: string): void {
  for (const rest of ['-wal', '-shm']) rmSync(join(dir, `gateway.sqlite${rest}`), { force: true })
  cpSync(copy, join(dir, 'gateway.sqlite'))
}

describe('a back-up that was made while serving', () => {
  test('is whole: restored, the gateway goes on, and a retry gets its stored bytes', async () => {
    const gateway = await openTestGateway()
    const reply = await gateway.ask(HOUSING, marriage)
    const copy = backUp(gateway)
    await gateway.close()
    restore(gateway, copy)
    const again = await openTestGateway({ dir: gateway.dir })
    expect((await again.send(reply.request)).text).toBe(reply.text)
    expect((await again.ask(HOUSING, marriage)).status).toBe(200)
  })

  test('is refused when more was signed since: the checkpoint outside knows', async () => {
    const gateway = await openTestGateway()
    const copy = backUp(gateway)
    await gateway.ask(HOUSING, marriage)
    await gateway.close()
    restore(gateway, copy)
    const refused = await openTestGateway({ dir: gateway.dir }).catch((error) => error)
    expect(refused).toBeInstanceOf(DamagedLog)
    expect(String(refused)).toContain('rolled back')
  })
})
