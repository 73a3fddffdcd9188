/** Title and advice of each problem code, in Chinese. errors.ts holds that none is missing. */
export const ZH_CN = {
  'too-large': { title: '请求过大', hint: '请求正文不得超过 64 KiB。' },
  'media-type': {
    title: '媒体类型不符',
    hint: '请以 Content-Type: application/jwt 发送一个紧凑 JWS。',
  },
  malformed: {
    title: '不是规范的紧凑 JWS',
    hint: '须为三段无填充的 base64url，解码后再编码应逐字节相同；正文须为 JSON 对象。',
  },
  header: {
    title: 'JWS 头不符',
    hint: '头部只含 alg、kid、typ 三项，不接受 jwk、jku、x5u、crit 等。',
  },
  'wrong-type': { title: 'typ 不符', hint: '请求的 typ 应为 assistance-request+jwt。' },
  'unknown-key': {
    title: '系统或密钥未登记',
    hint: '请核对 iss 与 kid；密钥须已登记且在有效期内。',
  },
  'revoked-key': { title: '密钥已撤销', hint: '请改用未撤销的密钥签名。' },
  algorithm: {
    title: '签名算法与登记不符',
    hint: 'alg 须等于登记密钥的 alg（ES256 或 Ed25519）。',
  },
  signature: { title: '签名无效', hint: '请确认使用了与 kid 对应的私钥，且内容签名后未被改动。' },
  audience: {
    title: 'aud 不是本网关',
    hint: 'aud 须为本网关的 issuer（字符串），见 /.well-known/mianzheng。',
  },
  'jti-reuse': {
    title: 'jti 已用于另一请求',
    hint: '每个新请求使用新的随机 UUID v4；重试请原样重发同一 JWS。',
  },
  'in-progress': {
    title: '同一请求正在办理',
    hint: '按 Retry-After 稍后原样重发，即得其结果；不要换 jti。',
  },
  'answer-archived': {
    title: '答复已归档',
    hint: '超过重试期限。请用 GET /v1/requests/{jti} 读取。',
  },
  'answer-erased': {
    title: '答复内容已删除',
    hint: '该记录已依规删除，请求不会再次执行；如仍需要，请发起新请求。',
  },
  expired: { title: '请求已过期', hint: '请校准时钟并签署新请求（有效期至多 300 秒）。' },
  'not-yet': { title: '请求尚未生效', hint: '请校准时钟：iat、nbf 晚于网关时间 30 秒以上。' },
  'request-schema': {
    title: '请求内容不符合格式',
    hint: '请按 pointers 所指位置修改；不得有重复或未知成员。',
  },
  suspended: { title: '系统或机关已停用', hint: '请联系共享主管部门。' },
  requester: { title: '系统不得代该机关请求', hint: 'requester 须为系统登记的代办机关之一。' },
  'unknown-item': { title: '无此协助事项', hint: '已发布的事项见 /v1/catalog/items。' },
  'item-suspended': { title: '事项暂停服务', hint: '请改用现行版本，或待提供机关恢复。' },
  'needs-officer': {
    title: '需人工协查',
    hint: '本网关尚不受理人工协查事项，请按原渠道发协查函。',
  },
  subject: {
    title: '查询对象不符合事项要求',
    hint: '请按 pointers 修改；证件号码须通过校验位检查。',
  },
  ask: {
    title: '所问数据项不符合事项要求',
    hint: '每个数据项只问一次；谓词与取值须为契约所允许。',
  },
  'no-agreement': {
    title: '没有生效的共享约定',
    hint: '请先申请该事项的共享（政务数据共享条例第二十条、第二十一条）。',
  },
  purpose: {
    title: '用途不在约定之内',
    hint: 'service、basis、scenario 须为约定所列的同一组代码。',
  },
  claims: { title: '数据项超出约定', hint: '请只问约定授予的数据项，并按其方式（读取或谓词）。' },
  region: { title: '区域超出约定', hint: '约定只覆盖其列明的行政区划。' },
  authorization: { title: '授权方式不符约定', hint: 'authorization.kind 须为约定所列之一。' },
  policy: {
    title: '不符合本市规则',
    hint: '见 policies 所列规则；如有异议，请与共享主管部门协调。',
  },
  quota: {
    title: '当日限额已用完',
    hint: '限额按北京时间自然日计，次日零时重置，届时请签署新请求。',
  },
  rate: { title: '请求过于频繁', hint: '请降低频率，按 Retry-After 等待后原样重发。' },
  probing: {
    title: '对同一对象试探过多',
    hint: '同一机关当日对同一对象同一数据项的不同取值已达上限。',
  },
  'provider-down': { title: '提供机关暂不可用', hint: '稍后原样重发；无答复不等于无记录。' },
  'provider-timeout': { title: '提供机关超时', hint: '稍后原样重发；无答复不等于无记录。' },
  'provider-invalid': { title: '提供机关答复不合契约', hint: '已记录，请联系提供机关。' },
  'log-unavailable': { title: '存证日志不可用', hint: '不能留痕即不作答。请稍后原样重发。' },
  'signer-unavailable': {
    title: '签名设备不可用',
    hint: '不能签名即不作答，也未留下记录。请稍后原样重发。',
  },
  proof: {
    title: '读取凭证无效',
    hint: '以 Authorization: Bearer 携带 typ 为 agency-proof+jwt 的 JWS，含 iss、aud、htm、htu、iat、exp、jti。',
  },
  'proof-replayed': { title: '读取凭证已用过', hint: '每次读取使用新的 jti。' },
  role: { title: '无此权限', hint: '该资源仅向审计角色开放。' },
  'signed-out': {
    title: '未登录或会话已结束',
    hint: '请登录后再试：15 分钟无操作或满 8 小时，会话即结束。',
  },
  forbidden: {
    title: '您的角色不能办理此事',
    hint: '请由具有相应角色的人员办理，或请本机关管理员授予角色。',
  },
  'step-up': {
    title: '需要再次确认身份',
    hint: '请在控制台再次登录，五分钟内有效；令牌不能办理此事。',
  },
  'cross-site': { title: '请求来自别的网站', hint: '请在本网关自己的页面上操作。' },
  'sandbox-off': {
    title: '本网关未开放沙箱',
    hint: '本网关不接受自助登记：请换用测试网关（SANDBOX=on），或请网关运行方登记你的公钥。',
  },
  'sandbox-full': {
    title: '沙箱系统数已满',
    hint: '请网关运行方清理，或自行启动一个网关（npm start）。',
  },
  'own-proposal': {
    title: '不能批准自己提出的变更',
    hint: '请由另一位有权限的人员批准；提出人与批准人必须是两个人。',
  },
  'wrong-state': {
    title: '当前状态不能这样办理',
    hint: '可能已有人办理；重新打开，看现在的状态和可办事项。',
  },
  'sharing-class': {
    title: '共享属性与办理方式不符',
    hint: '无条件共享的事项备案（file），有条件共享的由负责人批准后提出申请（approve）。',
  },
  'only-once': {
    title: '只能办理一次',
    hint: '这一步已经办过：补正只告知一次，延期只申请一次。经过见 history。',
  },
  'too-late': {
    title: '已过期限',
    hint: '期限及逐日计算见 clocks；逾期未告知补正的，自收到之日起即为受理。',
  },
  stale: {
    title: '内容已被他人更改',
    hint: '重新读取，核对 pointers 所指的变化，再按新版本（ETag）提交；没有任何内容被写入。',
  },
  'no-precondition': {
    title: '缺少 If-Match',
    hint: '先读取，再把读到的 ETag 放进 If-Match，以免覆盖他人的更改。',
  },
  blocked: {
    title: '检查未通过',
    hint: '按 pointers 所指之处修改；只需说明理由的，在 reasons 中逐项说明；需要回答的，在 answers 中逐项回答。',
  },
  'no-calendar': {
    title: '这一年的工作日历尚未装入',
    hint: '须等下一年放假安排公布；由网关运行方运行 mianzheng calendar load 装入（year 指明年份）。',
  },
  'not-found': { title: '未找到', hint: '请核对地址；接口见 /openapi.json。' },
  parameters: { title: '参数不符合格式', hint: '请按 pointers 修改。' },
  internal: { title: '网关内部错误', hint: '已记录，请联系网关运行方。' },
}
