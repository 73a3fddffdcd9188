import { cellRef } from 'hucre/xlsx'
import type { Bilingual } from '../../errors.ts'
import { type Opened, ROWS_READ, sheetOfLines, UNPACKS_TOO_LARGE } from './opened.ts'
import { readWorkbook, spellCell, XlsxError, type XlsxFault } from './workbook.ts'

/** Far smaller than a register's: it is unpacked beside what answers requests. */
const LIMITS = {
  unpackedBytes: 12 * 1024 * 1024,
  parts: 200,
  range: `A1:IV${ROWS_READ + 1}`,
}

const FAULTS: Readonly<Record<XlsxFault, Bilingual>> = {
  'not-xlsx': { zh: '文件不是完好的 XLSX', en: 'The file is not a sound XLSX workbook' },
  'too-large': UNPACKS_TOO_LARGE,
  encrypted: {
    zh: '文件有密码，或是旧式的 .xls；请另存为没有密码的 XLSX',
    en: 'The file has a password, or is an old .xls; save it as XLSX without a password',
  },
  sheet: { zh: '工作簿里没有工作表', en: 'There is no sheet in the workbook' },
  header: { zh: '第一行应写列名', en: 'The first line has to name the columns' },
  formula: {
    zh: '单元格是公式；请复制后选择性粘贴为数值',
    en: 'The cell is a formula; copy it and paste its value instead',
  },
  'cell-error': { zh: '单元格是错误值', en: 'The cell holds an error' },
  digits: {
    zh: '数字太长，末位已丢失；请把该列设为文本后重填',
    en: 'The number is too long and has lost digits; make the column text and enter it anew',
  },
}

/** The first sheet of a workbook; its lines are numbered as the spreadsheet does. */
export async function readXlsxSheet(bytes: Uint8Array): Promise<Opened> {
  try {
    const rows = await readWorkbook(bytes, { limits: LIMITS })
    const lines = rows.map((cells, row) => ({
      line: row + 1,
      cells: cells.map((cell, column) =>
        cell === null || cell === undefined
          ? ''
          : spellCell(cell, { at: cellRef(row, column) }).toWellFormed(),
      ),
    }))
    return sheetOfLines(lines, 'XLSX')
  } catch (error) {
    if (!(error instanceof XlsxError)) throw error
    const { zh, en } = FAULTS[error.code]
    const { at } = error
    return { wrong: at === undefined ? { zh, en } : { zh: `${at}：${zh}`, en: `${at}: ${en}` } }
  }
}
