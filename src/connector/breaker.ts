import { ProviderFailure } from './connector.ts'

const FAILURES_TO_OPEN = 5
const OPEN_MILLIS = 10_000

type Circuit = { failures: number; openUntil: number; isProbing: boolean }

/**
 * Spares a provider that fails, and its callers the waiting: after five failures in a row it is not
 * asked for ten seconds, then one request tries while the others are still turned away.
 */
export function circuitBreaker(clock: () => number) {
  const circuits = new Map<string, Circuit>()

  return async <T>(system: string, call: () => Promise<T>): Promise<T> => {
    const circuit = circuits.get(system) ?? { failures: 0, openUntil: 0, isProbing: false }
    circuits.set(system, circuit)
    const isOpen = circuit.failures >= FAILURES_TO_OPEN
    if (isOpen && (circuit.isProbing || clock() < circuit.openUntil))
      throw new ProviderFailure('down', `${system} failed ${circuit.failures} times: circuit open`)
    circuit.isProbing = isOpen
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
      circuit.isProbing = false
    }
  }
}
