import { CONDITIONS, EXCLUSIONS } from '../../registry/fitness.ts'
import type { Service } from '../../registry/service-item.ts'
import type { Lang } from '../language.ts'
import { SERVICES } from '../texts/service-form.ts'
import type { Faulting } from './form-faults.ts'
import { codesIn, flat, readerOf, rows, TICKED, type Values } from './form-values.ts'

/** Each is a reason to do away with a paper: registry/service-item.ts. */
export const TESTS = ['noBasis', 'outdated', 'obtainable', 'shiftsDuty', 'provenElsewhere'] as const

export const DECISIONS = ['replaced', 'committed', 'abolished', 'kept'] as const

export const QUESTIONS = { exclusions: EXCLUSIONS, conditions: CONDITIONS } as const

/** By the document's own paths; lists of codes are one field, what is true is a ticked box. */
export function valuesOf({
  coLeads = [],
  materials = [],
  fitness,
  ...rest
}: Partial<Service>): Values {
  const papers = materials.map(({ tests, decision, ...material }) => ({
    ...material,
    decision:
      decision.kind === 'replaced'
        ? { kind: decision.kind, items: decision.items.join(' ') }
        : decision,
    tests: Object.fromEntries(TESTS.filter((name) => tests[name]).map((name) => [name, TICKED])),
  }))
  return Object.fromEntries(
    flat({ ...rest, coLeads: coLeads.join('\n'), fitness, materials: papers }),
  )
}

/** The service that a form means; what may wait until it is submitted stands as missing. */
export function documentOf(values: Values, base: Partial<Service>): unknown {
  const { at, text, maybe, limit, laws } = readerOf(values)
  const coLeads = codesIn(at('coLeads'))
  const conditions = maybe('conditions')
  const note = maybe('timeLimit.note')
  const isTimed = at('timeLimit.statutory.n') !== '' || at('timeLimit.promised.n') !== ''
  const timeLimit = {
    statutory: limit('timeLimit.statutory'),
    promised: limit('timeLimit.promised'),
    ...(note ? { note } : {}),
  }
  return {
    code: at('code'),
    names: text('names'),
    state: 'draft',
    lead: at('lead'),
    ...(coLeads.length > 0 ? { coLeads } : {}),
    ...(base.adopts ? { adopts: base.adopts } : {}),
    ...(conditions ? { conditions } : {}),
    ...(isTimed ? { timeLimit } : {}),
    fitness: {
      exclusions: answersIn(values, 'exclusions'),
      conditions: answersIn(values, 'conditions'),
    },
    law: laws('law'),
    materials: rows(values, 'materials')
      .filter((row) => at(`${row}.id`) || at(`${row}.names.zh`) || at(`${row}.names.en`))
      .map((row) => materialIn(values, row)),
  }
}

function answersIn(values: Values, group: keyof typeof QUESTIONS) {
  const given = Object.keys(QUESTIONS[group]).flatMap((name): [string, boolean][] => {
    const answer = values[`fitness.${group}.${name}`]
    return answer === 'true' || answer === 'false' ? [[name, answer === 'true']] : []
  })
  return Object.fromEntries(given)
}

function materialIn(values: Values, row: string) {
  const { at, text, later, laws } = readerOf(values)
  return {
    id: at(`${row}.id`),
    names: text(`${row}.names`),
    decision: decisionIn(values, `${row}.decision`),
    tests: Object.fromEntries(TESTS.map((name) => [name, at(`${row}.tests.${name}`) === TICKED])),
    reason: later(`${row}.reason`),
    law: laws(`${row}.law`),
  }
}

function decisionIn(values: Values, path: string) {
  const { at, later, number } = readerOf(values)
  const kind = at(`${path}.kind`)
  if (kind === 'replaced') return { kind, items: codesIn(at(`${path}.items`)) }
  if (kind !== 'committed') return { kind }
  const after = `${path}.afterCheck`
  return {
    kind,
    afterCheck: {
      item: at(`${after}.item`) || null,
      how: later(`${after}.how`),
      dueWorkingDays: number(`${after}.dueWorkingDays`),
    },
  }
}

export const SERVICE_FAULTS: Faulting = {
  fieldOf: (place) => {
    if (place.startsWith('coLeads')) return 'coLeads'
    // That a decision does not follow from its tests is said where it is chosen.
    return place
      .replace(/\.decision$/, '.decision.kind')
      .replace(/\.decision\.items.*$/, '.decision.items')
  },
  wordsOf: (lang: Lang, name, value) => {
    const says = SERVICES[lang]
    if (name === 'materials') return says.materialsFault
    if (name === 'law' || name.endsWith('.law')) return says.lawFault
    if (value === '') return undefined
    if (name === 'code')
      return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(value) ? says.taken : says.codeFault
    if (name.endsWith('.decision.kind')) return says.decisionFault
    if (name.endsWith('.decision.items')) return says.itemsFault
    return name.endsWith('.dueWorkingDays') ? says.dueFault : undefined
  },
}
