import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startPostgres, type TestPostgres } from '../postgres.ts'
import { run } from '../postgres-city.ts'
import { mianzheng, served, temporary } from './cli.ts'

const { dir, remove } = temporary()
const home = join(dir, 'home')
const PASSWORD = "of the manual's account"
let postgres: TestPostgres | undefined

/** What the manual tells the database's administrator to run. */
async function followManual({ url }: TestPostgres): Promise<void> {
  const page = fileURLToPath(new URL('../../docs/operations/nodes.md', import.meta.url))
  const block = /```sql\n([\s\S]*?)```/.exec(readFileSync(page, 'utf8'))?.[1] ?? ''
  const said = block.replace("'change-me'", `'${PASSWORD.replace("'", "''")}'`)
  for (const statement of said.split(';\n').filter((one) => one.trim() !== ''))
    await run(url('postgres', 'of-the-test'), statement)
}

beforeAll(async () => {
  expect((await mianzheng(['seed', '--data', home])).code).toBe(0)
  const started = await startPostgres()
  if (typeof started === 'string') return
  postgres = started
  await followManual(started)
})
afterAll(async () => {
  await postgres?.remove()
  remove()
})

/** The size that the checkpoint of a running gateway states. */
async function sizeAt(data: string, env: Record<string, string> = {}): Promise<number> {
  const serving = await served(data, { ...env, SEED: 'none' })
  try {
    const [, size] = (await (await fetch(`${serving.url}/log/checkpoint`)).text()).split('\n')
    return Number(size)
  } finally {
    await serving.stop()
  }
}

test('backup and restore: an operator’s round, and what is said when the back-up is too old', async () => {
  const to = join(dir, 'backup')
  const { code, out, err } = await mianzheng([
    'backup',
    '--data',
    home,
    '--to',
    to,
    '--with-keys',
    '--json',
  ])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  const { size } = JSON.parse(out)
  expect(JSON.parse(out)).toMatchObject({ ok: true, dir: to, engine: 'sqlite', keys: true })
  const other = join(dir, 'other')
  const restored = await mianzheng(['restore', '--data', other, '--from', to, '--json'])
  expect(restored.code).toBe(0)
  expect(JSON.parse(restored.out)).toMatchObject({
    ok: true,
    size,
    keys: 'restored',
    anchor: 'none',
  })
  expect(await sizeAt(other)).toBe(size)

  // More is signed, then the disk is lost.
  cpSync(home, join(dir, 'lost'), { recursive: true })
  const lost = join(dir, 'lost')
  expect((await mianzheng(['seed', '--data', lost])).code).toBe(0)
  for (const name of readdirSync(lost))
    if (name.startsWith('gateway.sqlite')) rmSync(join(lost, name))
  const old = await mianzheng(['restore', '--data', lost, '--from', to])
  expect(old.code).toBe(1)
  expect(old.out).toContain('mianzheng log new-shard')
  const start = await mianzheng(['serve', '--data', lost], { env: { PORT: '0', SEED: 'none' } })
  expect(start.code).toBe(1)
  expect(start.err).toContain('mianzheng log new-shard')
}, 120_000)

test('migrate-engine: the manual’s account is enough, and its password is never shown', async ({
  skip,
}) => {
  if (!postgres) return skip('no PostgreSQL can run here')
  const { port } = new URL(postgres.url('x', 'x'))
  const url = `postgres://mianzheng@127.0.0.1:${port}/mianzheng`
  const from = join(dir, 'moving')
  cpSync(home, from, { recursive: true })
  const env = { PGPASSWORD: PASSWORD }
  const wrong = await mianzheng(['migrate-engine', '--from', from, '--to', url, '--yes'], {
    env: { PGPASSWORD: 'wrong-one' },
  })
  expect(wrong.code).toBe(1)
  expect(wrong.err).not.toContain('wrong-one')
  const { code, out, err } = await mianzheng(
    ['migrate-engine', '--from', from, '--to', url, '--yes'],
    { env },
  )
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toContain(`postgres://127.0.0.1:${port}/mianzheng`)
  expect(out).not.toContain(PASSWORD)
  const gone = await mianzheng(['serve', '--data', from], { env: { PORT: '0' } })
  expect(gone.code).toBe(1)
  expect(gone.err).toContain('这个网关已经搬走')
  expect(gone.err).toContain(`postgres://127.0.0.1:${port}/mianzheng`)

  const shard = ['log', 'new-shard', '--data', from, '--reason', 'x', '--yes']
  expect((await mianzheng(shard)).err).toContain('这个网关已经搬走')

  const shared = { ...env, DATABASE_URL: url }
  expect(await sizeAt(from, shared)).toBe(await sizeAt(home))
  const to = join(dir, 'of-postgres')
  const kept = await mianzheng(['backup', '--data', from, '--to', to, '--json'], { env: shared })
  expect(JSON.parse(kept.out)).toMatchObject({ ok: true, engine: 'postgres', keys: false })
  const checked = await mianzheng(['log', 'check', '--data', from, '--json'], { env: shared })
  expect(JSON.parse(checked.out)).toMatchObject({ ok: true })
}, 120_000)
