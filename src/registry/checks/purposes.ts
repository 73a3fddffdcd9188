import type { Agreement } from '../documents.ts'
import type { Registry } from '../registry.ts'
import { sharingRegulation } from './law.ts'
import { type Fault, question, type Rule } from './rule.ts'

/**
 * Each purpose is a service of the catalogue that one of the requesters handles. A window may ask on behalf of
 * a department, and tests are no citizen's service, so what is not found is asked about.
 */
export const purposes: Rule<Agreement> = {
  id: 'purposes',
  article: sharingRegulation('第二十条'),
  holds: {
    zh: '每项用途都是申请机关承办的服务事项',
    en: 'Each purpose is a service that a requester handles',
  },
  judge: ({ purposes: all, requesters }, { registry }) =>
    all.flatMap(({ service }, i) => faultsOf(registry, service, requesters, `/purposes/${i}`)),
}

function faultsOf(
  { services }: Registry,
  code: string,
  requesters: readonly string[],
  pointer: string,
): Fault[] {
  const service = services.get(code)
  if (!service)
    return [
      question(
        pointer,
        `目录里没有服务事项 ${code}，请核实用途`,
        `The catalogue has no service ${code}; confirm the purpose`,
      ),
    ]
  const handlers = [service.lead, ...(service.coLeads ?? [])]
  return requesters.some((uscc) => handlers.includes(uscc))
    ? []
    : [
        question(
          pointer,
          `申请机关都不承办 ${code}（${service.names.zh}），请核实代办关系`,
          `No requester handles ${code} (${service.names.en}); confirm on whose behalf they ask`,
        ),
      ]
}
