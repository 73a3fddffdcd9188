import type { Command } from 'commander'
import { z } from 'zod'
import { print, tint } from '../platform/terminal.ts'
import { command, withGateway, withJson } from './command.ts'
import { Failure } from './failure.ts'
import { nearest } from './nearest.ts'
import { getJson, readAs } from './remote.ts'
import { tableText } from './table.ts'

/** Of a catalogue in which nothing is near. */
const CODES_SHOWN = 10

type Options = { readonly gateway: string; readonly json?: boolean }

const named = z.object({ zh: z.string(), en: z.string() })
const counts = z.object({
  before: z.number(),
  after: z.number(),
  proven: z.number(),
  pending: z.number(),
  committed: z.number(),
  abolished: z.number(),
  kept: z.number(),
})
const agency = z.object({ names: named.optional() })
const heading = z.object({ code: z.string(), names: named, lead: agency, counts })
const listSchema = z.object({
  services: z.array(heading),
  total: counts,
  next: z.string().optional(),
})
const standing = z.enum(['proven', 'pending', 'committed', 'abolished', 'kept'])
const serviceSchema = heading.extend({
  materials: z.array(
    z.object({
      id: z.string(),
      names: named,
      standing,
      items: z.array(z.object({ code: z.string(), names: named.optional() })),
      reason: named,
    }),
  ),
})

type Counts = z.infer<typeof counts>
type Service = z.infer<typeof serviceSchema>

/** What became of a paper, as a citizen reads it. */
const STANDINGS: Readonly<Record<z.infer<typeof standing>, string>> = {
  proven: '机关核验 verified',
  pending: '待人工核查 pending',
  committed: '告知承诺 declared',
  abolished: '取消 abolished',
  kept: '保留 kept',
}

export function servicesCommand(): Command {
  const made = command(
    'services',
    {
      zh: '服务事项要交几份材料：减证前后，谁替代了谁',
      en: 'papers of each service, before and after, and what replaces them',
    },
    ['services', 'services S04', 'services S04 --json'],
  ).argument('[code]', '服务事项代码 · code of a service')
  return withJson(withGateway(made)).action(async (code: string | undefined, options: Options) => {
    const said =
      code === undefined ? await getList(options.gateway) : await getService(options.gateway, code)
    if (options.json) print(JSON.stringify(said))
    else if (code === undefined) list(readAs(listSchema, said))
    else one(readAs(serviceSchema, said))
  })
}

const LIST = '/v1/catalog/services'

/** Of 100 services each. */
const PAGES_MAX = 100

/** All pages as one. */
async function getList(gateway: string): Promise<z.infer<typeof listSchema>> {
  const first = readAs(listSchema, await getJson(gateway, LIST))
  const services = [...first.services]
  let { next } = first
  for (let page = 1; next !== undefined && page < PAGES_MAX; page++) {
    const more: z.infer<typeof listSchema> = readAs(listSchema, await getJson(gateway, next))
    services.push(...more.services)
    next = more.next
  }
  return { services, total: first.total }
}

/** @throws Failure that says which services there are, where this is none. */
async function getService(gateway: string, code: string): Promise<unknown> {
  try {
    return await getJson(gateway, `${LIST}/${encodeURIComponent(code)}`)
  } catch (error) {
    const codes = (await getList(gateway)).services.map((one) => one.code)
    if (codes.includes(code)) throw error
    const near = nearest(code, codes)
    const hint = (near.length > 0 ? near : codes.slice(0, CODES_SHOWN)).join(', ')
    throw new Failure(
      1,
      `没有服务事项 ${code}。可看：${hint}；全部：mianzheng services`,
      `There is no service ${code}. See: ${hint}; all of them: mianzheng services`,
    )
  }
}

function list({ services, total }: z.infer<typeof listSchema>): void {
  const row = (name: string, { before, after, ...rest }: Counts) => [
    name,
    before,
    rest.proven,
    rest.pending,
    rest.committed + rest.abolished,
    rest.kept,
    after,
  ]
  const rows = services.map(({ code, names, counts }) =>
    row(`${code} ${names.zh}\n${tint('dim', names.en)}`, counts),
  )
  print(tableText(HEAD, [...rows, row(`合计 Total (${services.length})`, total)]))
}

const HEAD = [
  '服务事项 Service',
  '原 Before',
  '核验\nVerified',
  '待核\nPending',
  '取消或承诺\nOver',
  '保留\nKept',
  '现 After',
]

function one({ code, names, lead, counts, materials }: Service): void {
  print(`${tint('bold', `${code} ${names.zh}`)}  ${lead.names?.zh ?? ''}`)
  print(tint('dim', `${names.en}  ${lead.names?.en ?? ''}`))
  const rows = materials.map((material) => [
    `${material.names.zh}\n${tint('dim', material.names.en)}`,
    STANDINGS[material.standing],
    material.items.map((item) => `${item.code} ${item.names?.zh ?? ''}`).join('\n'),
  ])
  print(tableText(['材料 Material', '处理 Now', '由谁替代 Replaced by'], rows))
  print(`原 ${counts.before} 份，现 ${counts.after} 份。`)
  print(tint('dim', `${counts.before} papers before, ${counts.after} now.`))
}
