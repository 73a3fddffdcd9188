import { dayWithin } from './days.ts'
import { enterpriseOf, usccOf } from './enterprises.ts'
import { BLOCK, blocksOf } from './people.ts'
import type { Row } from './population.ts'
import { below, drawsFor, drawsFrom, pick, STREAM } from './prng.ts'
import { graduatesOf } from './school-rows.ts'

const LAW_FIRMS = ['MD000001', 'MD000002', 'MD000003'].map((body) => usccOf('31', '990100', body))
const HOSPITALS = ['云汀市第一人民医院', '鹤洲区人民医院', '松屿县中医院']
const KITCHEN = ['HOT_FOOD', 'COLD_FOOD', 'PASTRY', 'BEVERAGE']
const SHOP = ['PREPACKAGED', 'BULK', 'BEVERAGE']

/** 食品经营许可 (FOOD-01): one row for each kind of food that a caterer or food shop may sell. */
export function* foodPermitRows(count: number): Generator<Row> {
  for (let block = 0; (block + 1) * BLOCK <= count; block += 1) {
    const { uscc, trade, status, region } = enterpriseOf(block)
    if (trade !== '餐饮管理' && trade !== '食品') continue
    const draw = drawsFrom(block, STREAM.food)
    const sold = (trade === '食品' ? SHOP : KITCHEN).filter((_, i) => i === 0 || draw() < 0.5)
    const permit = {
      permit_no: `JY${trade === '食品' ? 1 : 2}${region}${String(block).padStart(7, '0')}`,
      uscc,
      region,
      status: status === 'IN_BUSINESS' ? 'VALID' : 'CANCELLED',
      valid_to: dayWithin(draw, 2027, 4),
    }
    for (const item of sold) yield { ...permit, item }
  }
}

/** 建筑业企业资质 (CON-01): one row for each qualification on the certificate. */
export function* constructionRows(count: number): Generator<Row> {
  for (let block = 0; (block + 1) * BLOCK <= count; block += 1) {
    const { uscc, trade, status } = enterpriseOf(block)
    if (trade !== '建筑工程') continue
    const draw = drawsFrom(block, STREAM.construction)
    const types = ['GENERAL_BUILDING', 'MUNICIPAL_WORKS', 'DECORATION', 'FIRE_PROTECTION']
    const certificate = {
      uscc,
      cert_no: `D399${String(block).padStart(6, '0')}`,
      status: status === 'IN_BUSINESS' ? 'VALID' : 'CANCELLED',
      valid_to: dayWithin(draw, 2027, 4),
    }
    for (const type of types.filter((_, i) => i === 0 || draw() < 0.5))
      yield { ...certificate, type, grade: pick(draw, ['GRADE_1', 'GRADE_2']) }
  }
}

/** 律师执业 (LAW-01): four in five who studied law. */
export function* lawyerRows(count: number): Generator<Row> {
  for (const block of blocksOf(count))
    for (const { person, at, degrees } of graduatesOf(block)) {
      const draw = drawsFor(block.no, at, STREAM.profession)
      const degree = degrees.find(({ level }) => level !== 'JUNIOR_COLLEGE')
      if (degree?.discipline !== 'LAW' || draw() > 0.8) continue
      const began = Number(degree.graduated.slice(0, 4)) + 2
      yield {
        licence_no: `19901${began}1${person.sex === 'M' ? 0 : 1}${String(block.no * 16 + at).padStart(6, '0')}`,
        name: person.registeredName,
        status: draw() < 0.9 ? 'PRACTISING' : 'SUSPENDED',
        firm_uscc: pick(draw, LAW_FIRMS),
        last_assessment: String(2025 + below(draw, 2)),
      }
    }
}

/** 医师执业注册 (DOC-01): nine in ten who studied medicine. */
export function* physicianRows(count: number): Generator<Row> {
  for (const block of blocksOf(count))
    for (const { person, at, degrees } of graduatesOf(block)) {
      const draw = drawsFor(block.no, at, STREAM.profession)
      const degree = degrees.find(({ level }) => level !== 'JUNIOR_COLLEGE')
      if (degree?.discipline !== 'MEDICINE' || draw() > 0.9) continue
      yield {
        licence_no: `1109900${String(block.no * 16 + at).padStart(8, '0')}`,
        id_no: person.idNo,
        name: person.registeredName,
        status: draw() < 0.93 ? 'REGISTERED' : 'CANCELLED',
        category: pick(draw, ['CLINICAL', 'TCM', 'DENTAL', 'PUBLIC_HEALTH']),
        scope: pick(draw, ['内科', '外科', '儿科', '康复医学科']),
        place: pick(draw, HOSPITALS),
      }
    }
}
