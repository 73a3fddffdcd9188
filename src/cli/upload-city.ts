import { readBytes } from '../platform/files.ts'
import type { City } from '../platform/seed.ts'
import { progress } from '../platform/terminal.ts'
import { type Uploader, upload } from './upload.ts'

/**
 * Brings the invented city to a gateway over HTTP: registry first, then what providers hand over.
 *
 * @param listening where the demo city's own providers are asked; their documents' addresses otherwise.
 */
export async function uploadCity(
  uploader: Uploader,
  city: City,
  listening?: string,
): Promise<{ systems: number; rows: number }> {
  await uploadRegistry(uploader, city, listening)
  const shown = progress('上传演示城市 uploading the demo city')
  let rows = 0
  try {
    for (const { register, path } of city.registers) {
      const to = `/v1/operator/registers/${register.id}`
      const body = await readBytes(path)
      const said = await upload(uploader, { path: to, type: 'text/csv', body })
      rows += Number(said.rows)
      shown.update(rows, 0)
    }
  } finally {
    shown.stop()
  }
  return { systems: city.documents.systems.length, rows }
}

/** The registry's documents with the public keys of their systems. */
export async function uploadRegistry(
  uploader: Uploader,
  { documents, keys }: Pick<City, 'documents' | 'keys'>,
  listening?: string,
): Promise<void> {
  const systems = documents.systems.map((system) =>
    listening !== undefined && system.roles.includes('provider')
      ? { ...system, endpoint: `${listening}/${system.id}` }
      : system,
  )
  const given = keys.map(({ system, jwk }) => ({ system, jwk }))
  const body = new TextEncoder().encode(JSON.stringify({ ...documents, systems, keys: given }))
  await upload(uploader, { path: '/v1/operator/registry', type: 'application/json', body })
}
