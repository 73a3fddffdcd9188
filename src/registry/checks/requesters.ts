import type { Agreement } from '../documents.ts'
import type { Registry } from '../registry.ts'
import { sharingRegulation } from './law.ts'
import { block, type Fault, type Rule, reason } from './rule.ts'

/** Those who apply are registered and active. Blocks; one that no system asks for needs a reason. */
export const requesters: Rule<Agreement> = {
  id: 'requesters',
  article: sharingRegulation('第十一条、第二十条'),
  holds: {
    zh: '申请机关都在册，且有系统可以请求',
    en: 'The requesters are registered, and have systems that ask',
  },
  judge: ({ requesters: all }, { registry }) =>
    all.flatMap((uscc, i) => faultsOf(registry, uscc, `/requesters/${i}`)),
}

function faultsOf({ agencies, systems }: Registry, uscc: string, at: string): Fault[] {
  const agency = agencies.get(uscc)
  if (agency?.status !== 'active')
    return [block(at, '申请机关未登记或已停用', 'The agency is not registered, or suspended')]
  const isServed = [...systems.values()].some(
    ({ status, roles, actsFor }) =>
      status === 'active' && roles.includes('caller') && actsFor.includes(uscc),
  )
  return isServed
    ? []
    : [
        reason(
          at,
          `没有系统代${agency.names.zh}请求，请说明`,
          `No system asks on behalf of ${agency.names.en}; state why`,
        ),
      ]
}
