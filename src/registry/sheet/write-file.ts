import type { Bilingual } from '../../errors.ts'
import type { Language } from './codec.ts'
import { inTurns } from './in-turns.ts'
import { type Sheet, type SheetDocuments, type SheetKind, sheetOf } from './sheet.ts'

export const FORMS = ['csv', 'xlsx', 'json'] as const
export type Form = (typeof FORMS)[number]

export const MEDIA: Readonly<Record<Form, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  json: 'application/json',
}

/** How files and sheets of each kind are called. */
export const SHEET_NAMES: Readonly<Record<SheetKind, Bilingual>> = {
  item: { zh: '协助事项', en: 'items' },
  service: { zh: '服务事项', en: 'services' },
  agreement: { zh: '共享约定', en: 'agreements' },
}

type Writing<K extends SheetKind> = {
  readonly kind: K
  readonly documents: readonly SheetDocuments[K][]
  readonly language: Language
}

type Bytes = ReadableStream<Uint8Array>

/**
 * Documents as a file, written while it is read: between parts of it others are answered. No documents make
 * a template, with headings alone.
 */
export async function writeSheetFile<K extends SheetKind>(
  form: Form,
  writing: Writing<K>,
): Promise<Bytes> {
  if (form === 'json') return streamOf(jsonOf(writing))
  return form === 'csv' ? streamOf(csvOf(writing)) : xlsxOf(writing)
}

async function* rowsOf<K extends SheetKind>({ kind, documents, language }: Writing<K>) {
  for await (const some of inTurns(documents)) yield sheetOf(kind, some, language).rows
}

function headingsOf<K extends SheetKind>({ kind, language }: Writing<K>): readonly string[] {
  return sheetOf(kind, [], language).headings
}

const LINE_END = '\r\n'

/** RFC 4180 behind a byte order mark, without which Excel takes UTF-8 for something else. */
async function* csvOf<K extends SheetKind>(writing: Writing<K>): AsyncGenerator<string> {
  const { writeCsv } = await import('hucre/csv')
  const options = { lineSeparator: LINE_END }
  const text = (rows: Sheet['rows']) =>
    writeCsv(
      rows.map((cells) => [...cells]),
      options,
    ) + LINE_END
  yield `\ufeff${text([headingsOf(writing)])}`
  for await (const rows of rowsOf(writing)) yield text(rows)
}

/** Without what no file holds: how a provider is reached is nobody's business. */
async function* jsonOf<K extends SheetKind>({
  kind,
  documents,
}: Writing<K>): AsyncGenerator<string> {
  yield `{"kind":"${kind}","documents":[`
  let between = '\n'
  for await (const some of inTurns(documents)) {
    yield between + some.map((one) => JSON.stringify({ ...one, connector: undefined })).join(',\n')
    between = ',\n'
  }
  yield '\n]}\n'
}

const WIDTH = 24

/** Every cell is text: a spreadsheet would make numbers of codes and lose their ends. */
async function xlsxOf<K extends SheetKind>(writing: Writing<K>): Promise<Bytes> {
  const { writeXlsxStream } = await import('hucre/xlsx')
  const columns = headingsOf(writing).map((header) => ({ header, width: WIDTH, numFmt: '@' }))
  const name = SHEET_NAMES[writing.kind][writing.language]
  async function* rows() {
    for await (const some of rowsOf(writing)) for (const cells of some) yield [...cells]
  }
  return writeXlsxStream(rows(), { name, columns, freezePane: { rows: 1 } })
}

/** Written as it is asked for; whoever stops reading stops the writing. */
function streamOf(texts: AsyncGenerator<string>): Bytes {
  const encoder = new TextEncoder()
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await texts.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    cancel: async () => {
      await texts.return(undefined)
    },
  })
}
