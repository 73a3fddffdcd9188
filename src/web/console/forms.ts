import { agreementDocumentForm } from './agreement-form.ts'
import type { DocumentForm } from './document-form.ts'
import { itemDocumentForm } from './item-document-form.ts'
import { pledgeDocumentForm } from './pledge-form.ts'
import { serviceDocumentForm } from './service-form.ts'

/** The kinds of change that have a form of their own, by name. */
export const FORMS: ReadonlyMap<string, DocumentForm> = new Map(
  [itemDocumentForm, agreementDocumentForm, serviceDocumentForm, pledgeDocumentForm].map((form) => [
    form.kind,
    form,
  ]),
)
