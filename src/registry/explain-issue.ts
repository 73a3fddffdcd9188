import type { z } from 'zod'
import type { Bilingual } from '../errors.ts'

type Issue = z.core.$ZodIssue

const TYPES: Readonly<Record<string, string>> = {
  string: '文字',
  number: '数字',
  int: '整数',
  boolean: '是或否',
  array: '列表',
  object: '一组内容',
}

/** What our own refinements say, in the other language; see where they stand. */
const CUSTOM: Readonly<Record<string, string>> = {
  'the decision does not follow from the five tests': '处理方式与五种情形的作答不符',
  'at once is 0 INSTANT, every other limit at least 1': '即办写 0，其余时限至少为 1',
  'it ends before it begins': '终止日早于起始日',
}

/** How our own patterns are spelled, for who reads no regular expressions. */
const SPELLED: Readonly<Record<string, Bilingual>> = {
  '/^[A-Z]{2,8}-\\d{2}$/': {
    zh: '大写字母、横线和两位数字，如 MAR-01',
    en: 'capital letters, a hyphen and two digits, as in MAR-01',
  },
  '/^[0-9A-HJ-NPQRTUWXY]{18}$/': {
    zh: '18 位统一社会信用代码',
    en: 'a unified social credit code of 18 characters',
  },
  '/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/': {
    zh: '字母、数字、点、横线，最多 64 个字符',
    en: 'letters, digits, dots and hyphens, 64 at the most',
  },
  '/^P\\d+D$/': { zh: '天数，如 P30D 为每三十天', en: 'days, as in P30D for every thirty' },
}

/**
 * What is wrong with a place of a document, for the person who filled it in. Never repeats what was given.
 */
export function explainIssue(issue: Issue): Bilingual {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined && / undefined$/.test(issue.message)
        ? { zh: '没有填写', en: 'It is missing' }
        : {
            zh: `应为${TYPES[issue.expected] ?? '另一种内容'}`,
            en: `It must be ${withArticle(issue.expected)}`,
          }
    case 'too_small':
      return tooSmall(issue.origin, Number(issue.minimum), issue.inclusive !== false)
    case 'too_big':
      return {
        zh: `超出上限（${issue.maximum}）`,
        en: `It is over the limit (${issue.maximum})`,
      }
    case 'invalid_value':
      return {
        zh: `只能是：${issue.values.join('、')}`,
        en: `It must be one of: ${issue.values.join(', ')}`,
      }
    case 'unrecognized_keys':
      return {
        zh: `不应有：${issue.keys.join('、')}`,
        en: `It must not have: ${issue.keys.join(', ')}`,
      }
    case 'invalid_format':
      return formatOf(issue)
    default:
      return { zh: CUSTOM[issue.message] ?? '内容不符合规则', en: issue.message }
  }
}

function tooSmall(origin: string, minimum: number, isInclusive: boolean): Bilingual {
  if (origin === 'string') return { zh: '没有填写', en: 'It is empty' }
  const least = isInclusive ? minimum : minimum + 1
  return origin === 'array' || origin === 'set'
    ? { zh: `至少要有 ${least} 项`, en: `It needs at least ${least}` }
    : { zh: `不能小于 ${least}`, en: `It must be at least ${least}` }
}

function formatOf(issue: Extract<Issue, { code: 'invalid_format' }>): Bilingual {
  if (issue.format === 'date')
    return { zh: '应为日期，如 2026-11-23', en: 'It must be a date such as 2026-11-23' }
  if (issue.format === 'url') return { zh: '应为完整的网址', en: 'It must be a whole URL' }
  const pattern = 'pattern' in issue ? issue.pattern : undefined
  const spelled = pattern === undefined ? undefined : SPELLED[pattern]
  if (spelled)
    return {
      zh: `写法不对，应为${spelled.zh}`,
      en: `It is not spelled right; it has to be ${spelled.en}`,
    }
  return {
    zh: `写法不对${pattern ? `，应符合 ${pattern}` : ''}`,
    en: `It is not spelled right${pattern ? `; it has to match ${pattern}` : ''}`,
  }
}

function withArticle(word: string): string {
  return `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`
}
