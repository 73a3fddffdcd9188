import type { Bilingual } from '../errors.ts'

/**
 * What an agency is there for, whatever its name: agencies of one function in two places are compared
 * with each other. A closed list, since a function that is spelled in two ways would compare with nobody.
 */
export const FUNCTIONS = {
  'local-government': { zh: '人民政府', en: 'Local government' },
  subdistrict: { zh: '乡镇、街道', en: 'Township or sub-district' },
  community: { zh: '村（居）民委员会', en: 'Village or residents’ committee' },
  'data-administration': { zh: '数据管理', en: 'Data administration' },
  'administrative-approval': { zh: '行政审批', en: 'Administrative approval' },
  'government-services': { zh: '政务服务', en: 'Government services' },
  'public-security': { zh: '公安', en: 'Public security' },
  'traffic-police': { zh: '公安交通管理', en: 'Traffic police' },
  'exit-entry': { zh: '出入境管理', en: 'Exit and entry' },
  justice: { zh: '司法行政', en: 'Justice' },
  'civil-affairs': { zh: '民政', en: 'Civil affairs' },
  'economic-check': { zh: '家庭经济状况核对', en: 'Household economic checks' },
  education: { zh: '教育', en: 'Education' },
  health: { zh: '卫生健康', en: 'Health' },
  'disease-control': { zh: '疾病预防控制', en: 'Disease control' },
  'medical-insurance': { zh: '医疗保障', en: 'Medical insurance' },
  'human-resources': { zh: '人力资源和社会保障', en: 'Human resources and social security' },
  'social-insurance': { zh: '社会保险经办', en: 'Social-insurance services' },
  'housing-fund': { zh: '住房公积金', en: 'Housing fund' },
  housing: { zh: '住房和城乡建设', en: 'Housing and construction' },
  'natural-resources': { zh: '自然资源和规划', en: 'Natural resources and planning' },
  'real-estate-registration': { zh: '不动产登记', en: 'Real-estate registration' },
  'market-regulation': { zh: '市场监督管理', en: 'Market regulation' },
  taxation: { zh: '税务', en: 'Taxation' },
  finance: { zh: '财政', en: 'Finance' },
  audit: { zh: '审计', en: 'Audit' },
  veterans: { zh: '退役军人事务', en: 'Veterans’ affairs' },
  'disabled-persons': { zh: '残疾人工作', en: 'Disabled persons' },
  'ethnic-affairs': { zh: '民族宗教', en: 'Ethnic and religious affairs' },
  'development-reform': { zh: '发展改革', en: 'Development and reform' },
  transport: { zh: '交通运输', en: 'Transport' },
  agriculture: { zh: '农业农村', en: 'Agriculture' },
  environment: { zh: '生态环境', en: 'Environment' },
  'emergency-management': { zh: '应急管理', en: 'Emergency management' },
  'urban-management': { zh: '城市管理', en: 'Urban management' },
  'culture-tourism': { zh: '文化和旅游', en: 'Culture and tourism' },
  water: { zh: '水务', en: 'Water' },
} as const satisfies Readonly<Record<string, Bilingual>>

export type AgencyFunction = keyof typeof FUNCTIONS

export const FUNCTION_CODES = Object.keys(FUNCTIONS) as [AgencyFunction, ...AgencyFunction[]]
