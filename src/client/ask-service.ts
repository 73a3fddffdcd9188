import { type CatalogItem, readItem, readService, type Service } from './catalog.ts'
import { NoAnswer, Refused, Unverified } from './faults.ts'
import type { Answer, Question } from './question.ts'
import {
  type Asked,
  type MaterialAnswer,
  type People,
  PlanError,
  type Planned,
  type ServiceAnswer,
  type ServiceCase,
} from './service-case.ts'
import type { Reply } from './wire.ts'

const PARALLEL = 4
/** What another try or an officer may still settle; every other refusal leaves the paper to the citizen. */
const FOR_AN_OFFICER = ['needs-officer']

type Asker = {
  ask(question: Question): Promise<Answer>
  get(path: string): Promise<Reply>
}

type Task = { readonly question: Question; readonly planned: Planned; readonly who?: string }

/** See `Client.askService`. */
export async function askService(
  asker: Asker,
  code: string,
  about: ServiceCase,
  people: People,
): Promise<ServiceAnswer> {
  const service = await readService(asker, code)
  const parallel = about.parallel ?? PARALLEL
  const codes = [...new Set(service.materials.flatMap(({ items }) => items))]
  const strays = Object.keys(about.plan).filter((item) => !codes.includes(item))
  if (strays.length > 0) throw new PlanError(`${code} asks nothing of ${strays.join(', ')}`)
  const items = await eachOf(codes, parallel, (item) => readItem(asker, item))
  const tasks = items.flatMap((item) => tasksOf(item, service, about, people))
  const asked = [
    ...(await eachOf(tasks, parallel, (task) => settle(asker, task))),
    ...items.filter((item) => !about.plan[item.code]).map(unasked),
  ]
  const materials = service.materials.map((material) => conclude(material, asked))
  const open = materials.filter(({ status }) => status === 'citizen' || status === 'pending')
  const counts = { before: materials.length, after: open.length }
  return { service: service.code, names: service.names, ...counts, materials }
}

/** Every question of the plan to one item, before any is asked. @throws PlanError. */
function tasksOf(item: CatalogItem, service: Service, about: ServiceCase, people: People): Task[] {
  const { basis, scenario, plan, parallel: _, ...footing } = about
  const purpose = { service: service.code, basis, scenario }
  return (plan[item.code] ?? []).flatMap((planned) => {
    if (planned.ask.length === 0) throw new PlanError(`${item.code}: nothing is asked`)
    return subjectsOf(item, planned, people).map(({ who, subject }): Task => {
      const question = { ...footing, purpose, item: item.code, subject, ask: planned.ask }
      return { question, planned, ...(who === undefined ? {} : { who }) }
    })
  })
}

type About = { readonly who?: string; readonly subject: Readonly<Record<string, unknown>> }

/** A person gives what the item's contract has a place for, and nothing more of himself. */
function subjectsOf(item: CatalogItem, { who, subject }: Planned, people: People): About[] {
  const names = typeof who === 'string' ? [who] : (who ?? (subject ? [] : Object.keys(people)))
  const found = names.map((name): About => {
    const person = Object.hasOwn(people, name) ? people[name] : undefined
    if (!person) throw new PlanError(`${item.code}: nobody is called ${name}`)
    const own = Object.entries(person).filter(([member]) => item.members.includes(member))
    return { who: name, subject: { ...Object.fromEntries(own), ...subject } }
  })
  const all = names.length === 0 ? [{ subject: subject ?? {} }] : found
  for (const one of all) {
    const missing = item.required.filter((member) => !Object.hasOwn(one.subject, member))
    if (missing.length > 0)
      throw new PlanError(
        `${item.code}${one.who ? `, ${one.who}` : ''}: lacks ${missing.join(', ')}`,
      )
  }
  return all
}

async function settle(asker: Asker, { question, planned, who }: Task): Promise<Asked> {
  const base = { item: question.item, ...(who === undefined ? {} : { who }) }
  try {
    const answer = await asker.ask(question)
    const { jti, entry } = answer
    return { ...base, ...weigh(answer, planned), answer, jti, entry }
  } catch (error) {
    if (error instanceof NoAnswer) return { ...base, verdict: 'pending', why: 'no-answer' }
    // Somebody may be tampering: nothing is proven by it, and the citizen is not to suffer for it.
    if (error instanceof Unverified) return { ...base, verdict: 'pending', why: 'unverified' }
    if (!(error instanceof Refused)) throw error
    const { code, retryable, jti, entry } = error
    const verdict = retryable || FOR_AN_OFFICER.includes(code) ? 'pending' : 'citizen'
    return { ...base, verdict, why: code, jti, ...(entry === undefined ? {} : { entry }) }
  }
}

/** Whether an answer proves its paper. `UNDETERMINED` proves nothing either way: a person has to look. */
function weigh(
  { outcome, claims }: Pick<Answer, 'outcome' | 'claims'>,
  { provenBy = 'record' }: Pick<Planned, 'provenBy'>,
): Pick<Asked, 'verdict' | 'why'> {
  const results: unknown[] = [outcome, ...Object.values(claims).map((reply) => reply.result)]
  if (results.includes('UNDETERMINED')) return { verdict: 'pending', why: 'undetermined' }
  if (provenBy === 'no-record')
    return outcome === 'NO_RECORD'
      ? { verdict: 'proven' }
      : { verdict: 'citizen', why: 'record-found' }
  if (results.includes('NO_RECORD')) return { verdict: 'citizen', why: 'no-record' }
  if (results.includes('MISMATCH')) return { verdict: 'citizen', why: 'mismatch' }
  return { verdict: 'proven' }
}

/** What the plan leaves out: an officer's inquiry is pending, all else stays with the citizen. */
function unasked({ code, kind }: CatalogItem): Asked {
  if (kind === 'inquiry') return { item: code, verdict: 'pending', why: 'needs-officer' }
  return { item: code, verdict: 'citizen', why: 'not-asked' }
}

function conclude(material: Service['materials'][number], all: readonly Asked[]): MaterialAnswer {
  const { id, names, kind, items } = material
  const asked = all.filter(({ item }) => kind === 'replaced' && items.includes(item))
  return { id, names, status: statusOf(kind, asked), asked }
}

function statusOf(
  kind: Service['materials'][number]['kind'],
  asked: readonly Asked[],
): MaterialAnswer['status'] {
  if (kind === 'committed' || kind === 'abolished') return kind
  const verdicts = asked.map(({ verdict }) => verdict)
  if (kind === 'kept' || verdicts.length === 0 || verdicts.includes('citizen')) return 'citizen'
  return verdicts.includes('pending') ? 'pending' : 'proven'
}

/** Results in the order of what was given, `width` at a time. */
async function eachOf<T, R>(
  all: readonly T[],
  width: number,
  run: (one: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(all.length)
  const queue = all.entries()
  const work = async () => {
    for (const [at, one] of queue) results[at] = await run(one)
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(width, all.length)) }, work))
  return results
}
