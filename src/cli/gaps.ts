import type { Command } from 'commander'
import { z } from 'zod'
import { print, tint } from '../platform/terminal.ts'
import { command, withGateway, withJson } from './command.ts'
import { Failure } from './failure.ts'
import { nearest } from './nearest.ts'
import { getJson, readAs } from './remote.ts'
import { tableText } from './table.ts'

type Options = { readonly gateway: string; readonly json?: boolean }

const CODES_SHOWN = 5

const names = z.object({ zh: z.string(), en: z.string() })
const named = z.object({ code: z.string(), names })
const agency = z.object({ uscc: z.string(), names })
const pledge = z.enum(['not-needed', 'signed', 'owed'])
const figures = z.object({
  ...agency.shape,
  siblings: z.number(),
  materials: z.number(),
  services: z.number(),
  items: z.number(),
  pledge,
})
const listSchema = z.object({ agencies: z.array(figures) })
const lacking = z.object({
  names,
  offered: z.array(named.extend({ agency: z.string() })),
  adopts: z.string().optional(),
})
const gapsSchema = z.object({
  agency,
  siblings: z.array(agency),
  materials: z.array(
    z.object({
      service: named,
      material: z.object({ id: z.string(), names }),
      items: z.array(named),
      elsewhere: z.array(named),
    }),
  ),
  services: z.array(lacking),
  items: z.array(lacking),
  pledge,
})

type Gaps = z.infer<typeof gapsSchema>
type Lacking = z.infer<typeof lacking>

const PLEDGES: Readonly<Record<z.infer<typeof pledge>, string>> = {
  'not-needed': '—',
  signed: '已签 signed',
  owed: '未签 owed',
}

export function gapsCommand(): Command {
  const made = command(
    'gaps',
    {
      zh: '各机关还缺什么：可替代而仍要的材料、同类机关有而本机关没有的事项、零报告承诺',
      en: 'what agencies are missing: papers still demanded, what others of their function offer, pledges owed',
    },
    ['gaps', 'gaps 汀南区民政局', 'gaps 11990102MB99012861 --json'],
  ).argument('[agency]', '统一社会信用代码或名称 · code or name of an agency')
  return withJson(withGateway(made)).action(async (asked: string | undefined, options: Options) => {
    const all = await getJson(options.gateway, LIST)
    const { agencies } = readAs(listSchema, all)
    if (asked === undefined) {
      if (options.json) print(JSON.stringify(all))
      else list(agencies)
      return
    }
    const uscc = theOne(agencies, asked)
    const said = await getJson(options.gateway, `/v1/catalog/agencies/${uscc}/gaps`)
    if (options.json) print(JSON.stringify(said))
    else one(readAs(gapsSchema, said))
  })
}

const LIST = '/v1/catalog/gaps'

/** By its code, its whole name or a part that only one name has. @throws Failure naming those that are near. */
function theOne(agencies: readonly z.infer<typeof agency>[], asked: string): string {
  const word = asked.trim().toLowerCase()
  const forms = ({ uscc, names: { zh, en } }: z.infer<typeof agency>) =>
    [uscc, zh, en].map((form) => form.toLowerCase())
  const exact = agencies.filter((one) => forms(one).includes(word))
  const part = agencies.filter((one) => forms(one).some((form) => form.includes(word)))
  const found = exact.length > 0 ? exact : part
  if (found.length === 1 && word !== '') return (found[0] as { uscc: string }).uscc
  const near = nearest(
    asked,
    agencies.map((one) => one.names.zh),
  )
  const shown = found.length > 1 ? found.map((one) => one.names.zh) : near
  const hint = shown.slice(0, CODES_SHOWN).join('、') || 'mianzheng gaps'
  throw new Failure(
    1,
    found.length > 1 ? `“${asked}”不止一个：${hint}` : `没有机关“${asked}”。可看：${hint}`,
    found.length > 1
      ? `More than one agency is “${asked}”: ${hint}`
      : `There is no agency “${asked}”. See: ${hint}`,
  )
}

function list(agencies: readonly z.infer<typeof figures>[]): void {
  const rows = agencies.map(({ uscc, names: { zh, en }, ...one }) => [
    `${zh}\n${tint('dim', en)}\n${tint('dim', uscc)}`,
    ...[one.siblings, one.materials, one.services, one.items],
    PLEDGES[one.pledge],
  ])
  print(tableText(HEAD, rows))
}

const HEAD = [
  '机关 Agency',
  '同类机关\nSiblings',
  '可替代材料\nPapers',
  '缺服务\nServices',
  '缺协助事项\nItems',
  '零报告承诺\nPledge',
]

function one({ agency: own, siblings, materials, services, items, pledge: pledged }: Gaps): void {
  print(tint('bold', own.names.zh))
  print(tint('dim', own.names.en))
  const others = siblings.map((other) => other.names.zh).join('、') || '没有 none'
  print(`对照的同类机关 Compared with: ${others}`)
  print(`零报告承诺 Nil-report pledge: ${PLEDGES[pledged]}`)
  section('仍要求提交、但可由机关间核验的材料 Papers still demanded that agencies could verify', {
    head: [
      '服务事项 Service',
      '材料 Material',
      '可替代 Could be replaced by',
      '已不要求 Given up by',
    ],
    rows: materials.map((gap) => [
      `${gap.service.code} ${gap.service.names.zh}`,
      `${gap.material.names.zh}\n${tint('dim', gap.material.names.en)}`,
      gap.items.map(({ code, names: { zh } }) => `${code} ${zh}`).join('\n'),
      gap.elsewhere.map(({ code, names: { zh } }) => `${code} ${zh}`).join('\n'),
    ]),
  })
  section('同类机关有、本机关没有的服务 Services that others offer', {
    head: LACKING,
    rows: services.map(row),
  })
  section('同类机关有、本机关没有的协助事项 Assistance items that others offer', {
    head: LACKING,
    rows: items.map(row),
  })
}

const LACKING = ['名称 Name', '谁有 Offered as', '可采用 May be adopted']

function row({ names: { zh, en }, offered, adopts }: Lacking): string[] {
  return [
    `${zh}\n${tint('dim', en)}`,
    offered.map(({ code }) => code).join('\n'),
    adopts === undefined ? '' : adopts,
  ]
}

function section(
  title: string,
  { head, rows }: { readonly head: readonly string[]; readonly rows: readonly string[][] },
): void {
  print()
  print(tint('bold', title))
  print(rows.length > 0 ? tableText(head, rows) : '没有 none')
}
