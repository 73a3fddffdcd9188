import { readIfPresent } from '../platform/files.ts'
import { HOME } from '../platform/places.ts'
import type { Claims } from './asking.ts'
import { Failure } from './failure.ts'

/** A ready request of seed/examples.json, and what it leads to. */
export type Example = {
  readonly name: string
  readonly family?: boolean
  readonly system: string
  readonly claims: Claims
  readonly expect: { readonly status: number; readonly outcome?: string; readonly code?: string }
}

export async function readExamples(): Promise<readonly Example[]> {
  const text = await readIfPresent(`${HOME}seed/examples.json`)
  return text === undefined ? [] : (JSON.parse(text) as Example[])
}

/** @throws Failure listing what there is. */
export async function exampleNamed(name: string): Promise<Example> {
  const examples = await readExamples()
  const found = examples.find((example) => example.name === name)
  if (found) return found
  const names = examples.map((example) => example.name).join('\n  ')
  throw new Failure(
    2,
    `没有名为 ${name} 的示例。`,
    `There is no example ${name}. There are:\n  ${names}`,
  )
}
