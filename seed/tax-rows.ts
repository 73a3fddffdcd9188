import { certificatesOf } from './certificates.ts'
import { SNAPSHOT_DAY } from './days.ts'
import { enterpriseOf } from './enterprises.ts'
import { BLOCK, type Block, blocksOf } from './people.ts'
import type { Row } from './population.ts'
import { below, type Draw, drawsFrom, STREAM } from './prng.ts'
import { workersOf } from './work.ts'

const LAST_YEAR = String(Number(SNAPSHOT_DAY.slice(0, 4)) - 1)

/** 完税信息 (TAX-01): 契税 of who bought, 个人所得税 of the employed, 增值税 of enterprises. Amounts in 分. */
export function* taxRows(count: number): Generator<Row> {
  for (const block of blocksOf(count)) {
    const draw = drawsFrom(block.no, STREAM.tax)
    const paid = [...deedTax(block, draw), ...incomeTax(block, draw)]
    if (block.people.length === BLOCK) paid.push(valueAddedTax(block, draw))
    for (const [i, row] of paid.entries()) {
      const voucher = `399${LAST_YEAR}${String(block.no * 100 + i).padStart(11, '0')}`
      yield { ...row, voucher_no: voucher, status: draw() < 0.98 ? 'PAID' : 'REFUNDED' }
    }
  }
}

function deedTax(block: Block, draw: Draw): Row[] {
  return certificatesOf(block).map(({ owner, year }) => ({
    payer_id_no: owner.idNo,
    payer_uscc: '',
    payer_name: owner.registeredName,
    tax_type: 'DEED',
    tax_year: String(year),
    amount: String(300_000 + below(draw, 4_000_000)),
  }))
}

function incomeTax(block: Block, draw: Draw): Row[] {
  return workersOf(block)
    .filter(({ kind }) => kind === 'EMPLOYED' && draw() < 0.6)
    .map(({ person }) => ({
      payer_id_no: person.idNo,
      payer_uscc: '',
      payer_name: person.registeredName,
      tax_type: 'INDIVIDUAL_INCOME',
      tax_year: LAST_YEAR,
      amount: String(12_000 + below(draw, 900_000)),
    }))
}

function valueAddedTax({ no }: Block, draw: Draw): Row {
  const { uscc, name } = enterpriseOf(no)
  return {
    payer_id_no: '',
    payer_uscc: uscc,
    payer_name: name,
    tax_type: 'VALUE_ADDED',
    tax_year: LAST_YEAR,
    amount: String(500_000 + below(draw, 60_000_000)),
  }
}
