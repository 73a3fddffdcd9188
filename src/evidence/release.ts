import { decodeJwt } from 'jose'

type Claims = Readonly<Record<string, { readonly value?: unknown; readonly result?: unknown }>>

/**
 * Whether a provider's own statement may leave: only where the answer gives every value in it, so that
 * it says nothing that was not granted and asked as a read (promise 5). Else it stays sealed.
 */
export function mayRelease(answer: string, statement: string): boolean {
  const given = (decodeJwt(answer) as { claims?: Claims }).claims ?? {}
  const said = (decodeJwt(statement) as { claims?: Claims }).claims ?? {}
  return Object.entries(said).every(([name, claim]) => {
    const own = Object.hasOwn(given, name) ? given[name] : undefined
    if (!own) return false
    if (!('value' in claim)) return own.result === claim.result
    return 'value' in own && JSON.stringify(own.value) === JSON.stringify(claim.value)
  })
}
