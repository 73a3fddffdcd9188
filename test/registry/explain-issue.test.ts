import { describe, expect, test } from 'vitest'
import { code, itemCode, registerSchema, uscc } from '../../src/registry/documents.ts'
import { explainIssue } from '../../src/registry/explain-issue.ts'

describe('a place that is not spelled right', () => {
  test.each([
    ['the code of an item', itemCode, '如 MAR-01'],
    ['an agency', uscc, '统一社会信用代码'],
    ['an id', code, '最多 64 个字符'],
    ['a frequency', registerSchema.shape.updateFrequency, '如 P30D'],
  ])('%s is explained in words, not as a pattern', (_, schema, words) => {
    const [issue] = schema.safeParse('？').error?.issues ?? []
    if (!issue) throw new Error('it was taken')
    const { zh, en } = explainIssue(issue)
    expect(zh).toContain(words)
    expect(`${zh}${en}`).not.toContain('^')
  })
})
