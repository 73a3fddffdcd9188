import { describe, expect, test } from 'vitest'
import { chart, proofPath } from '../../src/web/components/drawing.ts'
import { errorSummary, field } from '../../src/web/components/form.ts'
import { clock, diff, timeline } from '../../src/web/components/history.ts'
import { chips, descriptionList, emptyState, pager } from '../../src/web/components/lists.ts'
import { stateTag, tag } from '../../src/web/components/state.ts'
import { table } from '../../src/web/components/table.ts'

const EVIL = `"><script>alert('1')</script>&`

/** Every component with somebody's text in every place that takes one. */
const DRAWN = {
  table: () =>
    table('en', {
      caption: EVIL,
      rows: [EVIL],
      columns: [
        { head: EVIL, isHead: true, cell: (row) => row, sort: { href: EVIL, now: 'ascending' } },
        { head: EVIL, cell: () => EVIL },
      ],
    }),
  field: () =>
    field('en', {
      name: EVIL,
      label: EVIL,
      hint: EVIL,
      error: EVIL,
      value: EVIL,
      isOptional: true,
    }),
  textarea: () => field('en', { kind: 'textarea', name: 'a', label: EVIL, value: EVIL }),
  select: () =>
    field('en', { kind: 'select', name: 'a', label: EVIL, choices: [{ value: EVIL, text: EVIL }] }),
  errorSummary: () => errorSummary('en', [{ name: EVIL, text: EVIL }]),
  tag: () => tag('bad', EVIL),
  timeline: () => timeline([{ what: EVIL, when: EVIL, detail: EVIL }]),
  clock: () => clock('en', { tone: 'warn', words: EVIL, trace: [{ day: EVIL, why: EVIL }] }),
  diff: () => diff('en', [{ field: EVIL, before: EVIL, after: EVIL }]),
  descriptionList: () => descriptionList([[EVIL, EVIL]]),
  emptyState: () => emptyState({ title: EVIL, why: EVIL, action: EVIL }),
  chips: () => chips('en', [{ text: EVIL, href: EVIL }], { text: EVIL, href: EVIL }),
  pager: () => pager('en', { at: 2, pages: 3, href: () => EVIL }),
  chart: () =>
    chart('en', { title: EVIL, parts: [EVIL, EVIL], rows: [{ label: EVIL, values: [1, 2] }] }),
  proofPath: () => proofPath(EVIL, [{ label: EVIL, detail: EVIL, isOk: false }]),
}

test.each(Object.entries(DRAWN))('%s shows what it is given as text', (_, draw) => {
  const markup = String(draw())
  expect(markup).not.toContain('<script')
  expect(markup).toContain('&lt;script&gt;')
})

describe('a state', () => {
  test.each([
    ['good', '●'],
    ['warn', '▲'],
    ['bad', '■'],
    ['info', '◆'],
    ['quiet', '○'],
  ] as const)('%s has a word, a shape and a colour', (tone, shape) => {
    const markup = String(tag(tone, '词'))
    expect(markup).toContain('词')
    expect(markup).toContain(shape)
    expect(markup).toMatch(/data-color="\w+"/)
    expect(markup).toContain('aria-hidden="true"')
  })

  test('says the same in both languages', () => {
    expect(String(stateTag('zh-CN', 'suspended'))).toContain('已暂停')
    expect(String(stateTag('en', 'suspended'))).toContain('Suspended')
  })
})

describe('a field', () => {
  test('names its hint and its error to those who hear the page, and only those it has', () => {
    const both = String(field('zh-CN', { name: 'a', label: '名称', hint: '提示', error: '太长' }))
    expect(both).toContain('aria-describedby="a-hint a-error"')
    expect(both).toContain('aria-invalid="true"')
    expect(both.indexOf('id="a-hint"')).toBeLessThan(both.indexOf('id="a-error"'))
    expect(both.indexOf('id="a-error"')).toBeLessThan(both.indexOf('<input'))
    const plain = String(field('zh-CN', { name: 'a', label: '名称' }))
    expect(plain).not.toContain('aria-describedby')
    expect(plain).not.toContain('aria-invalid')
  })

  test('keeps what was filled in', () => {
    const choices = ['x', 'y'].map((value) => ({ value, text: value }))
    const select = String(
      field('en', { kind: 'select', name: 'a', label: 'A', value: 'y', choices }),
    )
    expect(select).toContain('<option value="y" selected>')
    expect(select).not.toContain('<option value="x" selected>')
    expect(String(field('en', { name: 'a', label: 'A', value: 'kept' }))).toContain('value="kept"')
  })
})

describe('what is nothing', () => {
  test('is not drawn: no chips, no pager for one page, no summary without faults', () => {
    expect(chips('en', [])).toBe('')
    expect(pager('en', { at: 1, pages: 1, href: () => '' })).toBe('')
    expect(errorSummary('en', [])).toBe('')
  })

  test('a bar of nothing has no width and no figure, and nothing is divided by it', () => {
    const markup = String(
      chart('en', { title: 't', parts: ['p'], rows: [{ label: 'l', values: [0] }] }),
    )
    expect(markup).not.toContain('NaN')
    expect(markup).not.toMatch(/<rect class="s0" x="0.0"/)
  })

  test('no difference is said in words', () => {
    expect(String(diff('zh-CN', []))).toContain('没有不同')
  })
})

test('the first and the last page lead one way only', () => {
  const at = (n: number) =>
    String(pager('en', { at: n, pages: 2, href: (page) => `?page=${page}` }))
  expect(at(1)).not.toContain('rel="prev"')
  expect(at(1)).toContain('href="?page=2"')
  expect(at(2)).not.toContain('rel="next"')
})
