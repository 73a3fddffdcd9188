/**
 * What a city's rule may look at. Nothing per request (no jti, subject, official, clock finer than a
 * day), so a decision is a function of (policy set, facts) and may be remembered.
 */
export type Facts = {
  readonly system: {
    readonly id: string
    readonly roles: readonly string[]
    readonly agencyKind: string
    readonly agencyLevel: string
  }
  readonly item: { readonly code: string; readonly kind: string; readonly sharing: string }
  readonly context: {
    readonly requesterKind: string
    readonly requesterLevel: string
    readonly service: string
    readonly basis: string
    readonly scenario: string
    readonly authorization: string
    readonly readsSensitive: boolean
    readonly readsPersonal: boolean
    readonly day: string
  }
}

export type Decision =
  | { readonly permit: true }
  | { readonly permit: false; readonly policies: readonly string[]; readonly error?: string }

/** Facts → permit or deny, synchronous and pure. */
export type PolicyEngine = { decide(facts: Facts): Decision }

const REMEMBERED_MAX = 10_000

/** Remembers decisions, oldest out first; `generation` changes when facts behind ids may have changed. */
export function remembered(engine: PolicyEngine, generation: () => number): PolicyEngine {
  const decisions = new Map<string, Decision>()
  let current = generation()
  return {
    decide(facts) {
      if (generation() !== current) {
        decisions.clear()
        current = generation()
      }
      const key = JSON.stringify(facts)
      const known = decisions.get(key)
      if (known) return known
      const decision = engine.decide(facts)
      if (decisions.size >= REMEMBERED_MAX)
        decisions.delete(decisions.keys().next().value as string)
      decisions.set(key, decision)
      return decision
    },
  }
}
