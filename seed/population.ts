import { organisationCheck, usccCheck } from '../src/contract/identifiers.ts'
import { echoRows } from './echo.ts'
import { BLOCK, DISTRICTS, type Resident, residentBlock, residents } from './people.ts'
import { below, type Draw, drawsFrom, pick } from './prng.ts'

/** 云汀市民政局, the registration authority of every marriage here. */
const CIVIL_AFFAIRS = '11990100MB99010327'

const STREAM = { realEstate: 3, enterprise: 4 } as const
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

export type Row = Readonly<Record<string, string>>

/** 居民身份信息 (ID-01): one row for each resident. */
function* residentRows(count: number): Generator<Row> {
  for (const { idNo, registeredName, cardStatus } of residents(count))
    yield { id_no: idNo, name: registeredName, card_status: cardStatus }
}

/** 户籍登记 (HK-01): one row for each resident. */
function* householdRows(count: number): Generator<Row> {
  for (const { idNo, registeredName, household, relation } of residents(count))
    yield {
      id_no: idNo,
      name: registeredName,
      household_no: household.no,
      hukou_region: household.region,
      address: household.address,
      householder: String(relation === 'HEAD'),
      relation_to_head: relation,
      head_id_no: household.headIdNo,
      status: household.status,
    }
}

/** 婚姻登记 (MAR-01): only residents with a registration, about six in ten. */
export function* marriageRows(count: number): Generator<Row> {
  for (const { idNo, registeredName, marriage } of residents(count))
    if (marriage)
      yield {
        id_no: idNo,
        name: registeredName,
        spouse_id_no: marriage.spouseIdNo ?? '',
        status: marriage.status,
        reg_date: marriage.regDate,
        reg_authority: CIVIL_AFFAIRS,
      }
}

/** 不动产登记 (RE-01): one row for each certificate; co-owners hold one each. */
function* realEstateRows(count: number): Generator<Row> {
  for (let block = 0; block * BLOCK < count; block += 1) {
    const people = residentBlock(block).slice(0, count - block * BLOCK)
    const draw = drawsFrom(block, STREAM.realEstate)
    let certificates = 0
    for (const owners of ownersOf(people, draw)) {
      const unit = drawUnit(draw)
      for (const owner of owners) {
        const serial = String(block * 20 + certificates).padStart(7, '0')
        certificates += 1
        yield {
          cert_no: `泽(${unit.year})云汀市不动产权第${serial}号`,
          region: unit.region,
          owner_id_no: owner.idNo,
          owner_name: owner.registeredName,
          share: owners.length === 1 ? '单独所有' : '共同共有',
          use: unit.use,
          mortgaged: String(unit.mortgaged),
          seized: String(unit.seized),
        }
      }
    }
  }
}

/** 企业登记 (ENT-01): one enterprise for each full block, its legal representative a resident. */
function* enterpriseRows(count: number): Generator<Row> {
  for (let block = 0; (block + 1) * BLOCK <= count; block += 1) {
    const people = residentBlock(block)
    const rare = people.find((person) => person.name !== person.registeredName)
    const draw = drawsFrom(block, STREAM.enterprise)
    const region = pick(draw, DISTRICTS)
    yield {
      uscc: enterpriseUscc(region, block),
      name: `云汀市${pick(draw, BRANDS)}${pick(draw, TRADES)}有限公司`,
      status: statusOf(draw()),
      region,
      established_on: `${2008 + below(draw, 16)}-${two(1 + below(draw, 12))}-${two(1 + below(draw, 28))}`,
      valid_to: draw() < 0.6 ? '9999-12-31' : `${2029 + below(draw, 15)}-06-30`,
      legal_rep_name: (rare ?? people[3 + (block % 2)])?.registeredName ?? '',
    }
  }
}

/** The rows of each register, by its id in registers.json. */
export const REGISTER_ROWS: Readonly<Record<string, (count: number) => Generator<Row>>> = {
  resident: residentRows,
  household: householdRows,
  marriage: marriageRows,
  'real-estate': realEstateRows,
  enterprise: enterpriseRows,
  echo: echoRows,
}

/** Who owns what: each element is one unit with its co-owners. */
function* ownersOf(people: readonly Resident[], draw: Draw): Generator<Resident[]> {
  const of = (...at: number[]) => people.filter((_, i) => at.includes(i))
  const young = draw()
  if (young < 0.4) yield of(0, 1)
  else if (young < 0.55) yield of(0)
  if (draw() < 0.7) yield of(3, 4)
  if (draw() < 0.2) yield of(4)
  if (draw() < 0.3) yield of(7)
  if (draw() < 0.7) yield of(8)
}

function drawUnit(draw: Draw) {
  const use = draw()
  return {
    year: 2016 + below(draw, 10),
    region: pick(draw, DISTRICTS),
    use: use < 0.88 ? 'RESIDENTIAL' : use < 0.97 ? 'COMMERCIAL' : 'OFFICE',
    mortgaged: draw() < 0.35,
    seized: draw() < 0.02,
  }
}

function statusOf(drawn: number): string {
  if (drawn < 0.88) return 'IN_BUSINESS'
  if (drawn < 0.93) return 'DEREGISTERED'
  return drawn < 0.97 ? 'REVOKED' : 'SUSPENDED'
}

function enterpriseUscc(region: string, block: number): string {
  let body = ''
  for (let rest = block; body.length < 6; rest = Math.floor(rest / USCC_BASE.length))
    body = USCC_BASE.charAt(rest % USCC_BASE.length) + body
  const first17 = `91${region}MA${body}${organisationCheck(`MA${body}`)}`
  return first17 + usccCheck(first17)
}

function two(n: number): string {
  return String(n).padStart(2, '0')
}
