export type { Trust } from '../log/trust.ts'
export type { TraceHeaders } from '../trace.ts'
export type { AskOptions } from './asking.ts'
export { type Client, type ClientOptions, createClient } from './client.ts'
export { NoAnswer, Refused, Unverified } from './faults.ts'
export type { Items } from './items.ts'
export type { ClientKey } from './key.ts'
export type {
  Answer,
  AskOf,
  ClaimReply,
  Evidence,
  Footing,
  Question,
  Quota,
  Result,
  SubjectOf,
} from './question.ts'
export {
  type Asked,
  type MaterialAnswer,
  type People,
  PlanError,
  type Planned,
  type ServiceAnswer,
  type ServiceCase,
} from './service-case.ts'
