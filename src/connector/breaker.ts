import { ProviderFailure } from './connector.ts'

const FAILURES_TO_OPEN = 5
const OPEN_MILLIS = 10_000

type Circuit = { failures: number; openUntil: number; isProbing: boolean }

/**
 * Spares a provider that fails, and its callers the waiting: after five failures in a row it is not
 * asked for ten seconds, then one request tries while the others are still turned away. Each caller has
 * its own `way` to a provider: some record at which the provider fails must not let one caller shut out
 * all the others. The ways are bounded by the registry.
 */
export function circuitBreaker(clock: () => number) {
  const circuits = new Map<string, Circuit>()

  return async <T>(way: string, call: () => Promise<T>): Promise<T> => {
    const circuit = circuits.get(way) ?? { failures: 0, openUntil: 0, isProbing: false }
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
}
