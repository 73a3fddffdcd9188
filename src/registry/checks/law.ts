import type { Citation } from '../documents.ts'

/** As it is written in a sentence: 《title》article. */
export function spelled({ title, article = '' }: Citation): string {
  return `《${title}》${article}`
}

/** What the checks rest on. `read`: the article was read in full; `unverified`: not at all. */

export function sharingRegulation(article: string): Citation {
  return { title: '政务数据共享条例', article, mark: 'read' }
}

export function businessEnvironment(article: string): Citation {
  return { title: '优化营商环境条例', article, mark: 'read' }
}

export function personalInformation(article: string): Citation {
  return { title: '中华人民共和国个人信息保护法', article, mark: 'read' }
}

/** The seven fields, the five tests and the limits of registration, as Shanghai carries it out. */
export const PUBLIC_SERVICES: Citation = {
  title:
    '国务院办公厅关于简化优化公共服务流程方便基层群众办事创业的通知（国办发〔2015〕86号）及上海市工作方案',
  mark: 'excerpt',
}

export const FEES: Citation = {
  title: '中华人民共和国行政许可法',
  article: '第五十八条',
  mark: 'read',
}

export const COMPETENCE: Citation = {
  title: '中华人民共和国行政处罚法',
  article: '第二十六条',
  mark: 'read',
}

export const COMMITMENT: Citation = {
  title:
    '国务院办公厅关于全面推行证明事项和涉企经营许可事项告知承诺制的指导意见（国办发〔2020〕42号）',
  mark: 'excerpt',
}

export const GRASS_ROOTS_PROOFS: Citation = {
  title: '民发〔2020〕20号、公通字〔2016〕21号',
  mark: 'excerpt',
}

/** The pilot's wording was not read: see registry/fitness.ts. */
export const FOUR_AND_FIVE: Citation = {
  title: '济南市历下区试点（四不五同时）',
  mark: 'unverified',
}

export const FOUR_LEVELS: Citation = {
  title: '统一规范、四级联动（市、县、乡、村）',
  mark: 'unverified',
}

export const NIL_REPORT: Citation = { title: '济南市历下区试点（零报告承诺）', mark: 'unverified' }

export const KEYS: Citation = {
  title: 'RFC 8725 JSON Web Token Best Current Practices',
  article: '§3.1',
  mark: 'excerpt',
}
