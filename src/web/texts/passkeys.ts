import { messages } from '../words.ts'

export const PASSKEYS = messages(
  {
    signIn: '用通行密钥登录',
    signInCrumb: '工作人员登录',
    signInLead: '统一身份认证不可用时的应急办法：用事先登记的安全钥匙、手机或电脑登录。',
    recorded: '每次这样登录都记入日志，审计人员看得到。',
    use: '使用通行密钥',
    session: '我的账号',
    register: '登记通行密钥',
    registerLead:
      '通行密钥是安全钥匙、手机或电脑里的一把私钥，用指纹、面容或 PIN 打开。请登记两把，放在两处：丢了一把还有一把。',
    name: '名称',
    nameHint: '便于日后辨认，如“办公室安全钥匙”',
    unable: '这里需要运行脚本，并且浏览器支持通行密钥（WebAuthn）；现在不能使用。',
    failed: '没有完成：可能取消了，或这台设备上没有本网关的通行密钥。可以再试一次。',
  },
  {
    signIn: 'Sign in with a passkey',
    signInCrumb: 'Staff sign-in',
    signInLead:
      'For when the identity provider is away: sign in with a security key, phone or computer that you registered beforehand.',
    recorded: 'Each sign-in of this kind is put on record, where auditors see it.',
    use: 'Use a passkey',
    session: 'My account',
    register: 'Register a passkey',
    registerLead:
      'A passkey is a private key in a security key, phone or computer, opened by fingerprint, face or PIN. Register two and keep them in two places, so that losing one is no harm.',
    name: 'Name',
    nameHint: 'To tell it apart later, as in "security key at the office"',
    unable: 'This needs scripts, and a browser with passkeys (WebAuthn); it cannot be used now.',
    failed:
      'Not completed: you may have cancelled, or this device has no passkey of this gateway. You can try again.',
  },
)
