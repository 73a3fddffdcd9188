import { z } from 'zod'
import { searchQuery } from '../audit/filters.ts'
import { recordParam } from './admin-log.ts'
import { SIGNED_IN, type Writing } from './openapi-people.ts'

/** The paths of the auditor: the log as JSON and as pages. */
export function auditPaths({ parameters, refused }: Writing) {
  const read = (summary: string, media: string, given: unknown) => ({
    get: {
      summary,
      description:
        '仅审计员；每次查阅本身记入日志 · Auditors only; each reading is an entry of the log itself',
      security: SIGNED_IN,
      parameters: given,
      responses: { 200: { description: 'OK', content: { [media]: {} } }, ...refused },
    },
  })
  const search = parameters(searchQuery, 'query')
  const number = parameters(recordParam)
  const file = parameters(z.object({ ...recordParam.shape, file: z.string() }))
  return {
    '/v1/admin/log': read(
      '日志记录，最新在前；next 是下一页的 before · The log, newest first; next goes on as before',
      'application/json',
      search,
    ),
    '/v1/admin/log/{number}': read(
      '一条记录及其回执 · One record with its receipt',
      'application/json',
      number,
    ),
    '/console/log': read('日志（页面） · The log, as a page', 'text/html', search),
    '/console/log/{number}': read('一条记录（页面） · One record, as a page', 'text/html', number),
    '/console/log/{number}/{file}': read(
      '下载：record.json、receipt.tlog-proof · Downloads of a record',
      '*/*',
      file,
    ),
  }
}
