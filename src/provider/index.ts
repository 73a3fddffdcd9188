/** The provider kit: what an agency needs to answer forwards of a gateway from its own register. */
export { compareNames } from '../contract/name.ts'
export type { TraceHeaders } from '../trace.ts'
export type { ProviderQuestion } from './forward.ts'
export {
  createProvider,
  type ItemSource,
  type ProviderAnswer,
  type ProviderLine,
  type ProviderOptions,
  undetermined,
} from './provider.ts'
export { inMemory, type Remembered } from './remembered.ts'
export type { ProviderTrust, TrustedKey } from './trust.ts'
