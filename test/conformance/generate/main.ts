import { writeFileSync } from 'node:fs'
import { generateSigningKey } from '../../../src/keys/generate.ts'
import { ISSUER } from '../gateway.ts'
import { FOLDER, type Keys, type Vectors } from '../vectors.ts'
import { answered } from './answered.ts'
import { evidence } from './evidence.ts'
import { forwards } from './forwards.ts'
import { reads } from './reads.ts'
import { recorded } from './recorded.ts'
import { AUDIT, HOUSING, KIOSK, LICENCES, PROVIDER, RELIEF } from './sign.ts'
import { statements } from './statements.ts'
import { STATES } from './states.ts'
import { unattributed } from './unattributed.ts'

/**
 * Writes contracts/conformance anew. ECDSA signatures and gateway keys are random, so each run gives
 * other bytes that mean the same: run it only when the protocol changes. Keys are made with `--keys`;
 * `registry.json` is written by hand.
 */
const write = <Name extends keyof Vectors>(name: Name, value: Vectors[Name]) =>
  writeFileSync(new URL(name, FOLDER), `${JSON.stringify(value, null, 2)}\n`)

const PUBLIC = {
  zh: '公开的测试密钥：谁都有，绝不可用于真实系统',
  en: 'public test keys: everybody has them; never use one for a real system',
}

async function newKeys(): Promise<Keys> {
  const ids = [LICENCES, HOUSING, RELIEF, KIOSK, AUDIT, PROVIDER]
  const made = ids.map(async (id) => {
    const key = await generateSigningKey(id === RELIEF ? 'Ed25519' : 'ES256')
    return [id, key] as const
  })
  const systems = Object.fromEntries(await Promise.all(made))
  const [stranger, gateway] = await Promise.all([
    generateSigningKey('ES256'),
    generateSigningKey('ES256'),
  ])
  return { note: PUBLIC, systems, stranger, gateway }
}

if (process.argv.includes('--keys')) write('keys.json', await newKeys())
write('states.json', { states: STATES })
write('requests.json', {
  issuer: ISSUER,
  vectors: [...answered(), ...unattributed(), ...recorded()],
})
write('reads.json', { issuer: ISSUER, vectors: reads() })
write('forwards.json', await forwards())
write('statements.json', await statements())
write('evidence.json', await evidence())
