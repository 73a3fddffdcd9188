import { organisationCheck, usccCheck } from '../src/contract/identifiers.ts'
import { two } from './days.ts'
import { DISTRICTS, residentBlock } from './people.ts'
import { below, drawsFrom, pick, STREAM } from './prng.ts'

const USCC_BASE = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const BRANDS = ['春禾', '听澜', '鹭汀', '澄湖', '青石', '半亩', '槐荫', '晚舟', '云浦', '松间']
const TRADES = [
  '餐饮管理',
  '食品',
  '商贸',
  '建筑工程',
  '信息科技',
  '物业服务',
  '家政服务',
  '文化传播',
]

export type Enterprise = {
  readonly uscc: string
  readonly name: string
  readonly trade: string
  readonly status: 'IN_BUSINESS' | 'DEREGISTERED' | 'REVOKED' | 'SUSPENDED'
  readonly region: string
  readonly establishedOn: string
  readonly validTo: string
  readonly legalRepresentative: string
}

/** The one enterprise of a full block, its legal representative a resident. */
export function enterpriseOf(block: number): Enterprise {
  const people = residentBlock(block)
  const rare = people.find((person) => person.name !== person.registeredName)
  const draw = drawsFrom(block, STREAM.enterprise)
  const region = pick(draw, DISTRICTS)
  const brand = pick(draw, BRANDS)
  const trade = pick(draw, TRADES)
  return {
    uscc: usccOf('91', region, `MA${serial(block)}`),
    name: `云汀市${brand}${trade}有限公司`,
    trade,
    status: statusOf(draw()),
    region,
    establishedOn: `${2008 + below(draw, 16)}-${two(1 + below(draw, 12))}-${two(1 + below(draw, 28))}`,
    validTo: draw() < 0.6 ? '9999-12-31' : `${2029 + below(draw, 15)}-06-30`,
    legalRepresentative: (rare ?? people[3 + (block % 2)])?.registeredName ?? '',
  }
}

/** Who employs the people of a block: the nearest enterprise in business of the blocks before. */
export function employerOf(block: number): string {
  for (let no = Math.max(block - 1, 0); no > 0; no -= 1) {
    const { status, uscc } = enterpriseOf(no)
    if (status === 'IN_BUSINESS') return uscc
  }
  return enterpriseOf(0).uscc
}

/** A unified social credit code of the invented city; `body` is the organisation code's first eight. */
export function usccOf(kind: string, region: string, body: string): string {
  const first17 = `${kind}${region}${body}${organisationCheck(body)}`
  return first17 + usccCheck(first17)
}

function serial(block: number): string {
  let digits = ''
  for (let rest = block; digits.length < 6; rest = Math.floor(rest / USCC_BASE.length))
    digits = USCC_BASE.charAt(rest % USCC_BASE.length) + digits
  return digits
}

function statusOf(drawn: number): Enterprise['status'] {
  if (drawn < 0.88) return 'IN_BUSINESS'
  if (drawn < 0.93) return 'DEREGISTERED'
  return drawn < 0.97 ? 'REVOKED' : 'SUSPENDED'
}
