import { ProviderFailure } from './connector.ts'

const FAILURES_TO_OPEN = 5
const OPEN_MILLIS = 10_000
/** Whom nobody has asked for so long may be well again: nothing is known. */
const FORGOTTEN_MILLIS = 600_000

/** From one caller to one provider's system. */
export type Way = { readonly provider: string; readonly caller: string }

type Circuit = Way & { failures: number; openUntil: number; isProbing: boolean }

/**
 * Spares a provider that fails, and its callers the waiting: after five failures in a row it is not
 * asked for ten seconds, then one request tries while the others are still turned away. Each caller has
 * its own way to a provider: some record at which the provider fails must not let one caller shut out
 * all the others. The ways are bounded by the registry.
 *
 * `open` tells the ways on which the last call that was made failed, and that have not been tried with
 * success since; those that nobody has tried for ten minutes are left out.
 */
export function circuitBreaker(clock: () => number) {
  const circuits = new Map<string, Circuit>()

  async function guarded<T>({ provider, caller }: Way, call: () => Promise<T>): Promise<T> {
    const way = `${provider} to ${caller}`
    const circuit = circuits.get(way) ?? closed({ provider, caller })
    circuits.set(way, circuit)
    const isOpen = circuit.failures >= FAILURES_TO_OPEN
    if (isOpen && (circuit.isProbing || clock() < circuit.openUntil))
      throw new ProviderFailure('down', `${way} failed ${circuit.failures} times: circuit open`)
    if (isOpen) circuit.isProbing = true
    try {
      const result = await call()
      circuit.failures = 0
      return result
    } catch (error) {
      // An answer that breaks the contract is an answer: the provider is there.
      if (error instanceof ProviderFailure && error.how === 'invalid') circuit.failures = 0
      else circuit.failures += 1
      circuit.openUntil = clock() + OPEN_MILLIS
      throw error
    } finally {
      // A request from before the circuit opened ends nobody's probe.
      if (isOpen) circuit.isProbing = false
    }
  }

  const open = (): readonly Way[] =>
    [...circuits.values()].filter(
      ({ failures, openUntil }) =>
        failures >= FAILURES_TO_OPEN && clock() < openUntil + FORGOTTEN_MILLIS,
    )
  return Object.assign(guarded, { open })
}

function closed(way: Way): Circuit {
  return { ...way, failures: 0, openUntil: 0, isProbing: false }
}
