import type { Bilingual } from '../errors.ts'

/** What a check found. `block`: mend it; `reason`: say why it is so; `question`: answer it; `pass`. */
export type Finding = {
  readonly id: string
  readonly level: 'block' | 'reason' | 'question' | 'pass'
  readonly pointer: string
  readonly article: string
  readonly texts: Bilingual
}
