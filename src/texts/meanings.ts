/**
 * What each problem code means: what the gateway found, and what became of the request. For the page
 * that `type` leads to and for `explain`; the message itself carries title and hint. errors.ts holds that
 * none is missing.
 */
export const MEANINGS = {
  'too-large': {
    zh: '正文超过上限，网关没有读完，也没有处理。',
    en: 'The body is over the limit; it was neither read to its end nor processed.',
  },
  'media-type': {
    zh: '请求的媒体类型不是 application/jwt，网关没有解析正文。',
    en: 'The media type is not application/jwt; the body was not parsed.',
  },
  malformed: {
    zh: '正文不是规范写法的紧凑 JWS。同一内容若有两种写法，散列就不能作为证据，所以只接受一种。',
    en: 'The body is not a compact JWS in its one canonical spelling. With two spellings of one content a hash would be no evidence.',
  },
  header: {
    zh: 'JWS 头多出或缺少成员。密钥只从登记册取，消息自带的密钥一概不用。',
    en: 'The JWS header has other members than it should. Keys come from the registry only, never from a message.',
  },
  'wrong-type': {
    zh: 'typ 说明这不是一个请求。为一种用途签署的消息不能用于另一种用途。',
    en: 'By its typ this is not a request. What was signed for one use does not serve another.',
  },
  'unknown-key': {
    zh: '登记册里没有这个系统，或没有这把密钥，或密钥尚未生效、已经退役。',
    en: 'The registry has no such system or key, or the key does not count yet, or was retired.',
  },
  'revoked-key': {
    zh: '这把密钥已被撤销，可能已落入他人之手；撤销前留下的证据仍然有效。',
    en: 'This key was revoked and may be in other hands. Evidence recorded before that stays valid.',
  },
  algorithm: {
    zh: '消息的算法不是该密钥登记的算法。算法由登记册决定，不由消息选择。',
    en: 'The algorithm is not the one registered for the key. The registry decides it, never the message.',
  },
  signature: {
    zh: '用登记的公钥验证，签名不成立。内容可能被改动，或签名用了别的私钥。',
    en: 'The signature does not hold under the registered key: altered content, or another private key.',
  },
  audience: {
    zh: '请求是签给另一个网关的，不能在这里使用。',
    en: 'The request was signed for another gateway and cannot be used here.',
  },
  'jti-reuse': {
    zh: '这个 jti 已属于另一份请求。jti 是幂等键：一号只对应一份请求。',
    en: 'This jti belongs to another request. It is the idempotency key: one jti, one request.',
  },
  'in-progress': {
    zh: '同一份请求正在向提供机关询问，尚无结果；若其间网关中断，占用期满后可重新询问。',
    en: 'The provider is being asked about this very request and there is no outcome yet; if the gateway was cut off meanwhile, it may be asked again when the claim on the request ends.',
  },
  'sandbox-off': {
    zh: '自助登记只在测试网关开放；生产网关上，系统由所属机关登记。',
    en: 'Newcomers register themselves at test gateways only; in production a system is registered by its agency.',
  },
  'sandbox-full': {
    zh: '本网关登记的沙箱系统已达上限，暂不接受新的登记。',
    en: 'This gateway holds as many sandbox systems as it takes, and no more for now.',
  },
  'answer-archived': {
    zh: '该请求早已答复，重发期限已过，不会再次执行；答复仍在，可以读取。',
    en: 'The request was answered long ago and is not executed again; the answer is there to be read.',
  },
  'answer-erased': {
    zh: '该请求的内容已依规销毁，日志里只留下不含个人信息的记录，证明依然有效。',
    en: 'The content was erased by rule. The log keeps an entry without personal data, and its proofs hold.',
  },
  expired: {
    zh: '按网关时间，请求已过期，或签发时间太早。响应中的 gatewayTime 是网关时间。',
    en: 'By the gateway clock the request has expired or was issued too early. gatewayTime is its clock.',
  },
  'not-yet': {
    zh: '按网关时间，请求的签发或生效时间在未来，通常是请求方时钟偏快。',
    en: 'By the gateway clock the request lies in the future; most often the caller clock is fast.',
  },
  'request-schema': {
    zh: '请求签名有效，但内容缺项、多项或格式不符；只指出位置，不回显取值。',
    en: 'The signature holds, but members are missing, unknown or of the wrong form. Places are named, values never.',
  },
  suspended: {
    zh: '请求系统或所属机关被停用，期间不接受任何请求。',
    en: 'The system or its agency is suspended; nothing is accepted from it meanwhile.',
  },
  requester: {
    zh: '请求系统只能代它登记时列明的机关请求，requester 不在其中。',
    en: 'A system acts only for the agencies that its registration lists; requester is not one of them.',
  },
  'unknown-item': {
    zh: '没有这个编码的已发布事项，或没有所写的版本。',
    en: 'No published item has this code, or not in the version that was named.',
  },
  'item-suspended': {
    zh: '提供机关已暂停该事项，或所写版本已停用。',
    en: 'The provider has suspended the item, or the version that was named is out of service.',
  },
  'needs-officer': {
    zh: '该事项要由提供机关的工作人员查办，不能由机器作答；请求已记录在案。',
    en: 'An officer of the provider has to look into this item; no machine can answer it. The request is on record.',
  },
  subject: {
    zh: '查询对象缺项、多项，或证件号码没有通过校验位，没有向提供机关发问。',
    en: 'The subject lacks or exceeds what the contract names, or an identifier fails its check digit. The provider was not asked.',
  },
  ask: {
    zh: '所问数据项、谓词或比较值不在事项契约之内，没有向提供机关发问。',
    en: 'A claim, predicate or value is not in the contract of the item. The provider was not asked.',
  },
  'no-agreement': {
    zh: '请求机关与该事项之间没有生效的共享约定：从未申请、尚未同意、已中止或已到期。',
    en: 'No agreement between requester and item is in force: never applied for, not consented, suspended or expired.',
  },
  purpose: {
    zh: '所称用途（服务事项、依据、情形）不是约定列明的一组；每组代码须整组相符。',
    en: 'The stated purpose (service, basis, scenario) is not one that the agreement lists; a set must match whole.',
  },
  claims: {
    zh: '所问数据项超出约定，或约定只许比对而请求要求读取原值。',
    en: 'A claim goes beyond the agreement, or asks to read what may only be compared.',
  },
  region: {
    zh: '约定按行政区划授权，请求机关不在其列。',
    en: 'The agreement is limited by region, and the requester is outside of it.',
  },
  authorization: {
    zh: '请求所依的授权方式（法定、申请、同意）不是约定接受的方式。',
    en: 'The kind of authorization (statutory, application, consent) is not one that the agreement accepts.',
  },
  policy: {
    zh: '约定允许，但本市另设的规则禁止；规则编号见响应中的 policies。',
    en: 'The agreement would allow it, a rule of the city forbids it; policies names the rule.',
  },
  quota: {
    zh: '该约定当日的答复次数已满。拒绝不占次数，也不用掉 jti。',
    en: 'The agreement has had its answers for today. A refusal uses up neither quota nor jti.',
  },
  rate: {
    zh: '请求系统发送过快。短时间内的重复拒绝合并为一条记录。',
    en: 'The system sends too fast. Repeated refusals of one moment share one entry.',
  },
  probing: {
    zh: '当日对同一对象的同一数据项试了太多不同的值。比对用于核实，不用于猜测。',
    en: 'Too many different values were tried today for one claim of one subject. Comparing is for verifying, not for guessing.',
  },
  'provider-down': {
    zh: '连不上提供机关的系统，没有得到答复。这不是“无记录”，也不是“不符”。',
    en: 'The system of the provider cannot be reached and has answered nothing: neither "no record" nor "mismatch".',
  },
  'provider-timeout': {
    zh: '提供机关的系统在限时内没有答复。这不是“无记录”，也不是“不符”。',
    en: 'The system of the provider gave no answer in time: neither "no record" nor "mismatch".',
  },
  'provider-invalid': {
    zh: '提供机关的答复不合事项契约或签名不成立；网关不转交，以免误导办事。',
    en: 'What the provider answered breaks the contract or its signature fails. It is not passed on, lest it mislead.',
  },
  'log-unavailable': {
    zh: '存证日志暂时写不进去。没有记录就没有答复，所以这次既无答复也无记录。',
    en: 'The log cannot be written. No answer without a record: so there is neither.',
  },
  'signer-unavailable': {
    zh: '没有可用的签名密钥，或签名设备没有应答。没有签名就没有答复，也没有留下记录。',
    en: 'No key may sign now, or the device does not respond. No answer without a signature: nothing was recorded either.',
  },
  proof: {
    zh: '读取须由登记系统以其密钥为这一次读取签名；凭证缺失、过期，或签给了别的地址。',
    en: 'A read is signed by a registered system for this one read. The proof is missing, expired or for another address.',
  },
  'proof-replayed': {
    zh: '同一份读取凭证只能用一次，它可能被他人截取后重放。',
    en: 'A proof serves one read. This one came a second time, perhaps from somebody who copied it.',
  },
  role: {
    zh: '请求系统的身份已确认，但该资源不对它开放。',
    en: 'The system is known, but this resource is not open to it.',
  },
  'own-proposal': {
    zh: '提出变更的人不能批准它，数据库也不接受。',
    en: 'Whoever proposed a change cannot approve it; the database refuses it, too.',
  },
  'wrong-state': {
    zh: '状态表里没有从当前状态出发的这一步。',
    en: 'The table of states has no such step from where this is now.',
  },
  'sharing-class': {
    zh: '无条件共享的，备案即生效；有条件共享的，须经提供机关同意（政务数据共享条例第二十一条）。',
    en: 'What is shared unconditionally is in force on filing; what is shared conditionally takes the consent of the provider (Regulation on Government Data Sharing, art. 21).',
  },
  'only-once': {
    zh: '法律只准一次：一次性告知全部补正内容，延期一次（政务数据共享条例第二十一条）。',
    en: 'The law allows it once: one notice of everything that is missing, one extension (Regulation on Government Data Sharing, art. 21).',
  },
  'too-late': {
    zh: '办理这一步的法定期限已经届满。',
    en: 'The statutory time for this step has ended.',
  },
  stale: {
    zh: '您看到的版本之后，内容又有变化；为免覆盖，整个操作没有执行。',
    en: 'It was changed after the version that you saw; so as not to overwrite that, nothing was done.',
  },
  'no-precondition': {
    zh: '修改必须说明基于哪个版本。',
    en: 'A change must say which version it is made to.',
  },
  blocked: {
    zh: '依法必须具备的内容有缺，或需要说明理由、回答问题的地方空着。',
    en: 'Something that the law demands is missing, or a reason or an answer was left out.',
  },
  'signed-out': {
    zh: '没有有效的会话或令牌：从未登录、已退出、已过期、被终止，或人员已停用。',
    en: 'There is no session or token that counts: never signed in, signed out, expired, ended, or its person is suspended.',
  },
  forbidden: {
    zh: '您的身份已确认，但此事须由具有另一角色或属于另一机关的人员办理；也可能须在浏览器中办理而不能用令牌。',
    en: 'It is known who you are, but this takes another role, or somebody of another agency, or a browser instead of a token.',
  },
  'step-up': {
    zh: '审批等事项须在五分钟之内确认过身份，以防他人借用已登录的浏览器。什么也没有改变。',
    en: 'Approvals and the like rest on a sign-in within the last five minutes, lest somebody use a browser that was left open. Nothing was changed.',
  },
  'cross-site': {
    zh: '表单不是由本网关的页面提交的，可能有人想借您的会话操作。什么也没有改变。',
    en: 'The form was not sent by a page of this gateway; somebody may try to act by your session. Nothing was changed.',
  },
  'no-calendar': {
    zh: '截止日落在已装入的工作日历之外。下一年的放假调休公布之前，谁也不知道哪天上班，所以不推算。',
    en: 'The due date lies beyond the loaded calendars. Nobody knows which days are worked before the notice for the next year, so none is guessed.',
  },
  'not-found': {
    zh: '没有这个地址或这条记录；他人的记录一律视为不存在。',
    en: 'There is no such address or record. A record of somebody else counts as not there.',
  },
  parameters: {
    zh: '地址、查询参数或上传的内容不合格式，没有采用任何内容。',
    en: 'Path, query or an upload does not fit; nothing of it is used.',
  },
  internal: {
    zh: '网关自身出错。错误的细节只在运行方的日志里，不对外显示。',
    en: 'A fault of the gateway itself. Its details stay in the log of the operator.',
  },
}
