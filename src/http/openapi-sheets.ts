import { MEDIA } from '../registry/sheet/write-file.ts'
import { exportParam, exportQuery } from './admin-export.ts'
import { importQuery } from './admin-import.ts'
import { itemExportQuery, serviceExportQuery } from './export.ts'
import { SIGNED_IN, type Writing } from './openapi-people.ts'

const FILES = Object.fromEntries(Object.values(MEDIA).map((media) => [media, {}]))

const PLAN =
  '先以 `dry-run` 取得计划：每一件的 `fate`（new、changed、unchanged、under-way、refused）、不同之处或要改的地方，以及 `ETag`；再以同一文件和 `If-Match` 提出，登记在此期间变了则 412。每一件成为一项变更并提交（`draft`：只存为草稿）；再来一次，不会重复。· ' +
  'Ask with `dry-run` first: the `fate` of each document, what differs or what to mend, and an `ETag`. Send the ' +
  'same file with it as `If-Match` to propose; 412 where the registry changed meanwhile. Each becomes a change and is ' +
  'submitted (`draft`: kept as a draft); sent again, nothing is proposed twice.'

/** Files for spreadsheets, out and in. */
export function sheetPaths({ parameters, refused }: Writing) {
  const file = (summary: string, given: readonly unknown[], more: object = {}) => ({
    get: {
      summary,
      parameters: given,
      ...more,
      responses: { 200: { description: 'A file', content: FILES }, ...refused },
    },
  })
  const query = (schema: Parameters<Writing['parameters']>[0]) =>
    parameters(schema, 'query') as readonly unknown[]
  const ifMatch = { name: 'If-Match', in: 'header', schema: { type: 'string' } }
  return {
    '/v1/catalog/export/items': file(
      '导出协助事项（CSV、XLSX、JSON） · Export the items',
      query(itemExportQuery),
    ),
    '/v1/catalog/export/services': file(
      '导出服务事项（CSV、XLSX、JSON） · Export the services',
      query(serviceExportQuery),
    ),
    '/v1/admin/export/{kind}': file(
      '导出本机关的事项、服务、约定 · Export what one has business with',
      [...(parameters(exportParam) as readonly unknown[]), ...query(exportQuery)],
      { security: SIGNED_IN },
    ),
    '/v1/admin/import': {
      post: {
        summary: '导入 CSV 或 XLSX · Import CSV or XLSX',
        description: PLAN,
        security: SIGNED_IN,
        parameters: [...query(importQuery), ifMatch],
        requestBody: { required: true, content: { 'text/csv': {}, [MEDIA.xlsx]: {} } },
        responses: {
          200: {
            description: 'The plan, or what was proposed',
            headers: { ETag: { schema: { type: 'string' } } },
            content: { 'application/json': {} },
          },
          ...refused,
        },
      },
    },
  }
}
