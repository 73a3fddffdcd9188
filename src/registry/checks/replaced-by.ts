import { answersNow } from '../counts.ts'
import type { Registry } from '../registry.ts'
import type { Service } from '../service-item.ts'
import { sharingRegulation } from './law.ts'
import { block, type Fault, type Rule, reason } from './rule.ts'

/**
 * What replaces a paper is there, answers, and may be asked by those who handle the service, art. 20. An
 * unknown item blocks; the rest needs a reason, for until it is mended the citizen brings the paper.
 */
export const replacedBy: Rule<Service> = {
  id: 'replaced-by',
  article: sharingRegulation('第二十条'),
  holds: {
    zh: '替代材料的事项都在用，承办机关都有约定可以请求',
    en: 'What replaces papers is in service, and those who handle the service may ask for it',
  },
  judge: (service, about) =>
    service.materials.flatMap(({ decision }, i) => {
      if (decision.kind !== 'replaced') return []
      return decision.items.flatMap((item, j) =>
        faultsOf(service, { item, pointer: `/materials/${i}/decision/items/${j}` }, about),
      )
    }),
}

function faultsOf(
  service: Service,
  { item, pointer }: { readonly item: string; readonly pointer: string },
  { registry, today }: { readonly registry: Registry; readonly today: string },
): Fault[] {
  if (!registry.items.has(item))
    return [block(pointer, `没有事项 ${item}`, `There is no item ${item}`)]
  return [
    ...(answersNow(registry.items)(item)
      ? []
      : [
          reason(
            pointer,
            `${item} 现在不能由机器作答，在此之前群众仍须提交`,
            `${item} is not answered by machine now; until then the paper is still brought`,
          ),
        ]),
    ...(mayAsk(registry, service, { item, today })
      ? []
      : [
          reason(
            pointer,
            `承办机关没有为本事项请求 ${item} 的有效约定`,
            `No agreement in force lets those who handle this service ask ${item} for it`,
          ),
        ]),
  ]
}

/** Whether one of those who handle the service has an agreement for it, on that day. */
function mayAsk(
  { agreements }: Registry,
  { code, adopts, lead, coLeads = [] }: Service,
  { item, today }: { readonly item: string; readonly today: string },
): boolean {
  const handlers = [lead, ...coLeads]
  const codes = [code, adopts?.code]
  return (agreements.get(item) ?? []).some(
    ({ state, requesters, purposes, validFrom, validTo }) =>
      state === 'active' &&
      validFrom <= today &&
      today <= validTo &&
      requesters.some((uscc) => handlers.includes(uscc)) &&
      purposes.some(({ service }) => codes.includes(service)),
  )
}
