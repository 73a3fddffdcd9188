import type { Item } from '../../registry/documents.ts'
import { ITEM_FORM } from '../texts/item-form.ts'
import { pick } from '../words.ts'
import type { DocumentForm } from './document-form.ts'
import { documentOf, valuesOf } from './item-document.ts'
import { ITEM_FAULTS } from './item-faults.ts'
import { itemForm } from './item-form.ts'

export const itemDocumentForm: DocumentForm = {
  kind: 'item',
  home: (lang) => ({ href: '/console/items', text: ITEM_FORM[lang].items }),
  lead: (lang) => ITEM_FORM[lang].newLead,
  editTitle: (lang, base) => ITEM_FORM[lang].editTitle(pick(lang, (base as Item).names)),
  valuesOf: (base) => valuesOf(base as Partial<Item>),
  documentOf: (values, base) => documentOf(values, base as Partial<Item>),
  takenBy: ({ registry }, { code = '' }) => (registry.items.has(code) ? '/doc/code' : undefined),
  faulting: ITEM_FAULTS,
  fields: itemForm,
}
