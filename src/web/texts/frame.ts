import { messages } from '../words.ts'

export const FRAME = messages(
  {
    skip: '跳到正文',
    main: '主导航',
    folded: '菜单',
    console: '工作台菜单',
    crumbs: '当前位置',
    menu: {
      home: '首页',
      services: '办事指南',
      proofs: '这份证明还要吗',
      catalog: '协助事项目录',
      pledges: '零报告承诺',
      statistics: '统计',
    },
    signIn: '工作人员登录',
    signOut: '退出登录',
    toConsole: '工作台',
    other: 'English',
    forDevelopers: '技术资料',
    links: {
      problems: '拒绝代码说明',
      metadata: '机器入口',
      openapi: '接口描述',
      items: '目录（JSON）',
    },
    about: '部门之间直接核验，群众不必再交证明。个人不在此登录或查询。',
  },
  {
    skip: 'Skip to the content',
    main: 'Main navigation',
    folded: 'Menu',
    console: 'Console menu',
    crumbs: 'You are here',
    menu: {
      home: 'Home',
      services: 'Services',
      proofs: 'Is this proof needed?',
      catalog: 'Catalogue',
      pledges: 'Nil reports',
      statistics: 'Statistics',
    },
    signIn: 'Staff sign-in',
    signOut: 'Sign out',
    toConsole: 'Console',
    other: '中文',
    forDevelopers: 'For developers',
    links: {
      problems: 'Refusals explained',
      metadata: 'For machines',
      openapi: 'The interface',
      items: 'Catalogue (JSON)',
    },
    about:
      'Agencies ask each other, so that citizens need not bring the proof. Citizens neither sign in nor ask here.',
  },
)
