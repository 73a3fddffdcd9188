import { html } from 'hono/html'
import { ticks } from '../components/choices.ts'
import { SERVICES } from '../texts/service-form.ts'
import { TERMS } from '../texts/terms.ts'
import type { Html } from '../words.ts'
import type { Desk } from './enter.ts'
import { type Filling, one, pair, rowButton, select } from './form-fields.ts'
import { TICKED } from './form-values.ts'
import { DECISIONS, TESTS } from './service-input.ts'

type Row = { readonly path: string; readonly n: number; readonly laws: readonly Html[] }

/** One paper. Folded while it is known and nothing is wrong with it. */
export function material(desk: Desk, filling: Filling, { path, n, laws }: Row): Html {
  const { lang } = desk.view
  const says = SERVICES[lang]
  const { values, faults } = filling
  const at = (name: string) => `${path}.${name}`
  const label = (name: keyof typeof says.material) => says.material[name]
  const id = values[at('id')] ?? ''
  const name = values[at(lang === 'en' ? 'names.en' : 'names.zh')] || says.newMaterial
  const isOpen = id === '' || Object.keys(faults).some((one) => one.startsWith(`${path}.`))
  const kind = values[at('decision.kind')] ?? ''
  const state = Object.hasOwn(says.decisions, kind) ? says.decisions[kind as 'kept'] : ''
  const remove = rowButton(filling, {
    ...{ what: `remove:${path}`, at: 'materials', text: says.removeMaterial },
    label: `${says.removeMaterial}${TERMS[lang].colon}${name}`,
  })
  const tests = ticks({
    ...{ id: at('tests'), label: says.tests, hint: says.testsHint, value: TICKED },
    boxes: TESTS.map((test) => {
      const box = at(`tests.${test}`)
      return { name: box, text: says.test[test], isTicked: values[box] === TICKED }
    }),
  })
  const parts = [
    one(desk, filling, { path: at('id'), label: label('id'), hint: says.idHint, maxLength: 64 }),
    pair(desk, filling, { path: at('names'), label: label('names'), kind: 'text', maxLength: 200 }),
    tests,
    one(desk, filling, {
      ...{ path: at('decision.kind'), label: label('decision'), kind: 'select' },
      choices: [{ value: '', text: says.choose }, ...select(DECISIONS, says.decisions)],
    }),
    one(desk, filling, {
      ...{ path: at('decision.items'), label: label('items'), hint: says.itemsHint },
      ...{ isOptional: true, maxLength: 80 },
    }),
    afterCheck(desk, filling, at('decision.afterCheck')),
    pair(desk, filling, { path: at('reason'), label: label('reason'), rows: 2 }),
    html`<div id="${at('law')}">${faults[at('law')] ? html`<p class="ds-validation-message" data-color="danger">${faults[at('law')]}</p>` : ''}${laws}</div>`,
    html`<div>${remove}</div>`,
  ]
  return html`<details class="row"${isOpen ? html` open` : ''}><summary>${n}. ${name} <code>${id}</code> ${state ? html`<span class="faint">${state}</span>` : ''}</summary><div class="long">${parts}</div></details>`
}

/** 告知承诺: how it is checked afterwards, and within how many working days. */
function afterCheck(desk: Desk, filling: Filling, path: string): Html {
  const says = SERVICES[desk.view.lang]
  const item = one(desk, filling, {
    ...{ path: `${path}.item`, label: says.material.afterItem, hint: says.afterItemHint },
    ...{ isOptional: true, maxLength: 64 },
  })
  return html`<fieldset class="limit"><legend>${says.afterCheck}</legend><p class="faint small">${says.afterCheckHint}</p><div class="filters">${item}${one(desk, filling, { path: `${path}.dueWorkingDays`, label: says.material.due, kind: 'number', isOptional: true })}</div>${pair(desk, filling, { path: `${path}.how`, label: says.material.how, rows: 2, isOptional: true })}</fieldset>`
}
