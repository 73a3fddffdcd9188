import { html } from 'hono/html'
import { maySee } from '../../proposal/show.ts'
import type { System } from '../../registry/documents.ts'
import type { Registry, SystemKey } from '../../registry/registry.ts'
import { type Tone, tag } from '../components/state.ts'
import type { Lang } from '../language.ts'
import { SYSTEMS } from '../texts/systems.ts'
import { clockTime } from '../time.ts'
import { type Content, type Html, pick } from '../words.ts'
import type { Desk } from './enter.ts'

/** Systems that this person has to do with, by agency and name. */
export function systemsOf({ actor, registry, view }: Desk): readonly System[] {
  return [...registry.systems.values()]
    .filter(({ agency }) => maySee(actor, { agency, party: null }, registry.agencies))
    .sort((a, b) => pick(view.lang, a.names).localeCompare(pick(view.lang, b.names), view.lang))
}

export function keysOf({ keys }: Pick<Registry, 'keys'>, system: string): readonly SystemKey[] {
  return [...keys.values()]
    .filter((key) => key.system === system)
    .sort((a, b) => b.validFrom - a.validFrom)
}

export type KeyState = 'valid' | 'retired' | 'revoked' | 'future'

/** `now` in epoch milliseconds. */
export function keyState({ validFrom, validTo, revokedAt }: SystemKey, now: number): KeyState {
  if (revokedAt !== null && revokedAt <= now) return 'revoked'
  if (validTo !== null && validTo <= now) return 'retired'
  return validFrom > now ? 'future' : 'valid'
}

const TONES: Readonly<Record<KeyState, Tone>> = {
  ...{ valid: 'good', retired: 'quiet', revoked: 'bad', future: 'info' },
}

export function keyTag(lang: Lang, state: KeyState): Html {
  return tag(TONES[state], SYSTEMS[lang].keyStates[state])
}

export function timeOrNone(instant: number | null): Content {
  return instant === null ? '—' : html`<span class="count">${clockTime(instant)}</span>`
}
