import type { Lang } from '../language.ts'
import type { Html } from '../words.ts'
import type { Desk } from './enter.ts'
import type { Faulting } from './form-faults.ts'
import type { Filling } from './form-fields.ts'
import type { Values } from './form-values.ts'

/** How documents of one kind of change are written by hand; what is sent is judged as the API's is. */
export type DocumentForm = {
  /** The kind of proposal that it opens. */
  readonly kind: string
  /** The list that its pages belong to. */
  readonly home: (lang: Lang) => { readonly href: string; readonly text: string }
  readonly lead: (lang: Lang) => string
  readonly editTitle: (lang: Lang, base: unknown) => string
  /** What its fields begin with. */
  readonly valuesOf: (base: unknown) => Values
  /** @param base what the form does not show. */
  readonly documentOf: (values: Values, base: unknown) => unknown
  /** The place of the document that a new one would take from another. */
  readonly takenBy?: (desk: Desk, values: Values) => string | undefined
  readonly faulting: Faulting
  readonly fields: (desk: Desk, filling: Filling) => Html
}

/** What a form begins with. */
export type Begun = Pick<Filling, 'revision' | 'hasCode' | 'agencies' | 'back'> & {
  readonly title: string
  readonly base: unknown
}
