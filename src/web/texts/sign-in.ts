import { messages } from '../words.ts'

export const SIGN_IN = messages(
  {
    title: '工作人员登录',
    lead: '登录由统一身份认证完成，本网关没有口令。登录后 15 分钟不操作或满 8 小时，须重新登录。',
    start: '用统一身份认证登录',
    passkey: '用通行密钥登录（应急）',
    citizens: '群众不在此登录。办事所需材料见办事指南。',
    off: '本网关还没有配置统一身份认证',
    offHint: '请运行方设置 OIDC_ISSUER 等环境变量（运行手册“人员登录”一节），或用通行密钥登录。',
    signedOut: '您已退出登录',
    signedOutHint: '这台电脑上的会话已终止。统一身份认证可能仍记得您：公用电脑上请一并退出。',
    signOutThere: '退出统一身份认证',
    again: '重新登录',
    faults: {
      unavailable: [
        '统一身份认证暂时连不上',
        '没有登录成功，也没有改变任何内容。请过几分钟再试；急需时用通行密钥登录。',
      ],
      denied: [
        '统一身份认证没有让您登录',
        '可能是您取消了登录，或没有本系统的权限。请重试，或联系统一身份认证的管理员。',
      ],
      invalid: [
        '这次登录没有通过核对',
        '统一身份认证的答复与本网关的要求不符，已记录。请重新登录；再次出现请告知运行方。',
      ],
      lost: [
        '这次登录已失效',
        '登录须在十分钟内、在同一浏览器里完成，并且只能用一次。请重新开始。',
      ],
      off: [
        '这种登录方式在这里没有开通',
        '统一身份认证须由运行方设置 OIDC_ISSUER 等环境变量；通行密钥须安装可选的软件包（运行手册“人员登录”一节）。',
      ],
      passkey: [
        '这把通行密钥不能用',
        '可能不是在本网关登记的，或已被移除，或没有验证本人。请换一把，或用统一身份认证登录。',
      ],
      full: ['已登记五把通行密钥', '请先移除一把不再使用的。'],
      'too-many': ['登录过于频繁', '来自您所在网络的登录太多。请十分钟后再试。'],
      'other-person': [
        '确认身份的是另一个人',
        '请用您自己的账号再次确认；若要换人，请先退出登录。',
      ],
    },
    unknown: '您还没有登记为本网关的人员',
    unknownHint:
      '统一身份认证认识您，但没有机关为您登记角色；没有创建任何账号。请把下面两行交给本机关管理员。',
    realm: '身份认证系统',
    subject: '您在那里的编号',
    suspended: '您的账号已停用',
    suspendedHint: '请联系本机关管理员或共享主管部门。',
  },
  {
    title: 'Staff sign-in',
    lead: 'The identity provider signs you in; this gateway knows no passwords. After 15 minutes without use, or 8 hours, you sign in again.',
    start: 'Sign in with the identity provider',
    passkey: 'Sign in with a passkey (emergency)',
    citizens: 'Citizens do not sign in here. See the services for what you need to bring.',
    off: 'No identity provider is configured here',
    offHint:
      'Whoever runs this gateway sets OIDC_ISSUER and its companions (operations manual, "People sign in"); or sign in with a passkey.',
    signedOut: 'You are signed out',
    signedOutHint:
      'The session on this computer is over. The identity provider may still remember you: on a shared computer sign out there as well.',
    signOutThere: 'Sign out at the identity provider',
    again: 'Sign in again',
    faults: {
      unavailable: [
        'The identity provider cannot be reached',
        'You were not signed in, and nothing was changed. Try again in a few minutes; if it is urgent, use a passkey.',
      ],
      denied: [
        'The identity provider did not sign you in',
        'You may have cancelled, or you may lack access to this system. Try again, or ask the provider’s administrators.',
      ],
      invalid: [
        'This sign-in did not pass our checks',
        'What the identity provider said does not fit; it is noted. Sign in again, and tell the operator if it happens twice.',
      ],
      lost: [
        'This sign-in does not count any more',
        'It has to end within ten minutes, in the same browser, and works once. Begin again.',
      ],
      off: [
        'This way of signing in is not open here',
        'For the identity provider whoever runs this gateway sets OIDC_ISSUER and its companions; passkeys need the optional packages (operations manual, "People sign in").',
      ],
      passkey: [
        'This passkey does not count',
        'It may not be registered here, or was removed, or did not verify that it is you. Use another one, or the identity provider.',
      ],
      full: ['Five passkeys are registered', 'Remove one that you do not use any more first.'],
      'too-many': [
        'Too many sign-ins',
        'Too many come from your network. Try again in ten minutes.',
      ],
      'other-person': [
        'Somebody else proved who he is',
        'Use your own account to prove who you are; to change over, sign out first.',
      ],
    },
    unknown: 'You are not registered here',
    unknownHint:
      'The identity provider knows you, but no agency has given you a role; no account was made. Hand these two lines to the admin of your agency.',
    realm: 'Identity provider',
    subject: 'What it calls you',
    suspended: 'Your account is suspended',
    suspendedHint: 'Ask the admin of your agency, or the sharing authority.',
  },
)
