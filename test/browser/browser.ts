import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import type { Hono } from 'hono'
import { type Browser, chromium } from 'playwright-core'

const SYSTEM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
/** Containers have no user namespaces and a small /dev/shm. */
const ARGS = ['--no-sandbox', '--disable-dev-shm-usage', '--force-color-profile=srgb']

/**
 * A real Chromium: the machine's own, or the one that comes in a development dependency.
 *
 * @returns why there is none, as a text, where neither starts: the tests are then skipped under that title.
 */
export async function launch(): Promise<Browser | string> {
  const faults: string[] = []
  for (const find of [system, packaged]) {
    try {
      const { path, args } = await find()
      return await chromium.launch({ executablePath: path, args })
    } catch (error) {
      faults.push(String(error).split('\n', 1)[0] ?? '')
    }
  }
  return `no Chromium starts here: ${faults.join('; ')}`
}

async function system() {
  if (!existsSync(SYSTEM)) throw new Error(`there is no ${SYSTEM} (CHROMIUM_PATH)`)
  return { path: SYSTEM, args: ARGS }
}

async function packaged() {
  const { default: bundled } = await import('@sparticuz/chromium')
  return { path: await bundled.executablePath(), args: [...bundled.args, ...ARGS] }
}

/** An app on a port of its own, for a browser. */
export async function serveApp(app: Hono): Promise<{ url: string; close(): Promise<void> }> {
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const starting = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, () =>
      resolve(starting),
    )
  })
  const { port } = server.address() as AddressInfo
  return {
    // Cookies marked Secure count on localhost, which an address of digits is not.
    url: `http://localhost:${port}`,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  }
}
