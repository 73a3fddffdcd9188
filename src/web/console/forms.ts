import { agreementDocumentForm } from './agreement-form.ts'
import type { DocumentForm } from './document-form.ts'
import { itemDocumentForm } from './item-document-form.ts'

/** The kinds of change that have a form of their own, by name. */
export const FORMS: ReadonlyMap<string, DocumentForm> = new Map(
  [itemDocumentForm, agreementDocumentForm].map((form) => [form.kind, form]),
)
