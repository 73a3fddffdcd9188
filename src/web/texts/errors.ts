import { messages } from '../words.ts'

export const ERROR_PAGE = messages(
  {
    todo: '怎么办',
    parties: {
      caller: '请核对地址或填写的内容。',
      gateway: '这是网关这边的问题，由网关运行方处理。',
      provider: '由提供机关处理。',
      authority: '由共享主管部门处理。',
    },
    places: '不合格式的地方',
    code: '代码',
    home: '回到首页',
    inbox: '回到待办',
    catalog: '协助事项目录',
    services: '办事指南',
    wait: (seconds: number) => `请等 ${seconds} 秒后再试。`,
  },
  {
    todo: 'What to do',
    parties: {
      caller: 'Please check the address, or what was filled in.',
      gateway: 'The fault is the gateway’s; its operator has to act.',
      provider: 'The provider has to act.',
      authority: 'The sharing authority has to act.',
    },
    places: 'What does not fit',
    code: 'Code',
    home: 'Back to the first page',
    inbox: 'Back to what waits for you',
    catalog: 'Assistance catalogue',
    services: 'Services',
    wait: (seconds) => `Please wait ${seconds} seconds and try again.`,
  },
)
