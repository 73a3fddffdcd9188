import type * as Cedar from '@cedar-policy/cedar-wasm/nodejs'
import type { Decision, Facts, PolicyEngine } from './policy.ts'

type CedarModule = Pick<
  typeof Cedar,
  | 'policySetTextToParts'
  | 'policyToJson'
  | 'preparsePolicySet'
  | 'preparseSchema'
  | 'statefulIsAuthorized'
  | 'validate'
>

const SET = 'mianzheng'

export class PolicyError extends Error {
  override readonly name = 'PolicyError'
}

/**
 * The city's rules in Cedar. Cedar fails open when a `forbid` errors, so any diagnostic error, like
 * any failure, is a deny; the schema validates every request first.
 *
 * @throws PolicyError when the set does not parse or does not fit its schema: the gateway must not start.
 */
export function cedarEngine(cedar: CedarModule, policies: string, schema: string): PolicyEngine {
  const staticPolicies = named(cedar, policies)
  const checked = cedar.validate({
    validationSettings: { mode: 'strict' },
    schema,
    policies: { staticPolicies },
  })
  if (checked.type === 'failure') throw new PolicyError(messages(checked.errors))
  const [first] = checked.validationErrors
  if (first) throw new PolicyError(`${first.policyId}: ${first.error.message}`)
  accept(cedar.preparsePolicySet(SET, { staticPolicies }))
  accept(cedar.preparseSchema(SET, schema))
  return { decide: (facts) => decide(cedar, facts) }
}

/** Each rule under its own @id, which is what a refusal and the log name. */
function named(cedar: CedarModule, text: string): Record<string, string> {
  const parts = cedar.policySetTextToParts(text)
  if (parts.type === 'failure') throw new PolicyError(messages(parts.errors))
  const entries = parts.policies.map((policy) => {
    const json = cedar.policyToJson(policy)
    const id = json.type === 'success' ? json.json.annotations?.id : undefined
    if (!id) throw new PolicyError('every rule needs an @id')
    return [id, policy] as const
  })
  const set = Object.fromEntries(entries)
  if (Object.keys(set).length < entries.length) throw new PolicyError('two rules share an @id')
  return set
}

function decide(cedar: CedarModule, { system, item, context }: Facts): Decision {
  const principal = { type: 'System', id: system.id }
  const resource = { type: 'Item', id: item.code }
  const { id: _, ...systemAttributes } = system
  const answer = cedar.statefulIsAuthorized({
    principal,
    action: { type: 'Action', id: 'ask' },
    resource,
    context,
    preparsedPolicySetId: SET,
    preparsedSchemaName: SET,
    validateRequest: true,
    entities: [
      { uid: principal, attrs: { ...systemAttributes, roles: [...system.roles] }, parents: [] },
      { uid: resource, attrs: item, parents: [] },
    ],
  })
  if (answer.type === 'failure')
    return { permit: false, policies: [], error: messages(answer.errors) }
  const { decision, diagnostics } = answer.response
  const [error] = diagnostics.errors
  if (error) return { permit: false, policies: [error.policyId], error: error.error.message }
  if (decision === 'allow') return { permit: true }
  return { permit: false, policies: diagnostics.reason }
}

function accept(answer: Cedar.CheckParseAnswer): void {
  if (answer.type === 'failure') throw new PolicyError(messages(answer.errors))
}

function messages(errors: readonly { message: string }[]): string {
  return errors.map((error) => error.message).join('; ')
}
