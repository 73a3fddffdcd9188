import * as cedar from '@cedar-policy/cedar-wasm/web'
// Not among the package's exports, so by its place.
import module from '../../node_modules/@cedar-policy/cedar-wasm/web/cedar_wasm_bg.wasm'
import base from '../../policies/base.cedar'
import city from '../../policies/city.cedar'
import sandbox from '../../policies/sandbox.cedar'
import schema from '../../policies/schema.cedarschema'
import { cedarEngine } from '../policy/cedar.ts'
import type { PolicyEngine } from '../policy/policy.ts'

/** Every rule of policies/, bundled; a test holds that none is left out. @throws PolicyError. */
export function bundledPolicy(): PolicyEngine {
  cedar.initSync({ module })
  return cedarEngine(cedar, [base, city, sandbox].join('\n'), schema)
}
