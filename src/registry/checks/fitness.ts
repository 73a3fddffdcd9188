import { CONDITIONS, EXCLUSIONS } from '../fitness.ts'
import type { Service } from '../service-item.ts'
import { FOUR_AND_FIVE } from './law.ts'
import { block, type Fault, type Rule } from './rule.ts'

/**
 * 四不五同时, answered one by one in the document itself. Blocks, also where an answer is missing: one sentence
 * for all nine would be no answer.
 */
export const fitness: Rule<Service> = {
  id: 'fitness',
  article: FOUR_AND_FIVE,
  holds: {
    zh: '四项排除情形都不存在，五项条件同时具备',
    en: 'None of the four exclusions applies, and all five conditions hold',
  },
  judge: ({ fitness: answers }) => [
    ...Object.entries(EXCLUSIONS).flatMap(([name, asked]) => {
      const given = answers?.exclusions[name as keyof typeof EXCLUSIONS]
      return judged(`/fitness/exclusions/${name}`, asked, { given, against: true })
    }),
    ...Object.entries(CONDITIONS).flatMap(([name, asked]) => {
      const given = answers?.conditions[name as keyof typeof CONDITIONS]
      return judged(`/fitness/conditions/${name}`, asked, { given, against: false })
    }),
  ],
}

function judged(
  pointer: string,
  asked: Fault['texts'],
  { given, against }: { readonly given: boolean | undefined; readonly against: boolean },
): Fault[] {
  const yes = against ? ['不应：', 'It must not be so: '] : ['应当：', 'It must be so: ']
  if (given === undefined)
    return [block(pointer, `请作答。${yes[0]}${asked.zh}`, `Answer this. ${yes[1]}${asked.en}`)]
  return given === against ? [block(pointer, `${yes[0]}${asked.zh}`, `${yes[1]}${asked.en}`)] : []
}
