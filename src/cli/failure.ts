/**
 * 1: something was found bad, or could not be done. 2: the command or its surroundings are wrong. 3: all is
 * well, and something would change, where that was asked for.
 */
export type ExitCode = 1 | 2 | 3

/** What a person reads when a command does not succeed: what is wrong, and what mends it. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly zh: string
  readonly en: string
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode, zh: string, en: string) {
    super(en)
    this.zh = zh
    this.en = en
    this.exitCode = exitCode
  }
}

/** Any error as a Failure; a stack is shown only when MIANZHENG_DEBUG asks for it. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error
  if (!(error instanceof Error)) return new Failure(1, String(error), String(error))
  const { code } = error as NodeJS.ErrnoException
  const { zh } = error as { readonly zh?: string }
  const ours = OURS[error.name]?.(error.message, String(code), zh)
  return ours ?? systemFault(error) ?? unexpected(error)
}

/** By name: an error's class would bring the whole gateway along into every small command. */
const OURS: Readonly<
  Record<string, (message: string, code: string, zh: string | undefined) => Failure>
> = {
  DamagedLog: (message) =>
    new Failure(
      1,
      `存证日志与已签署的检查点不符：${message}。网关不会在其上继续签名。请运行 mianzheng log check 定位，再恢复不早于另存检查点的备份；确无更新的备份时，用 mianzheng log new-shard 记下丢失并另起分片。`,
      `The log contradicts what was signed: ${message}. Nothing is signed on top of it. Run "mianzheng log check" to find where, then restore a back-up that is not older than the anchored checkpoint; where there is none, "mianzheng log new-shard" puts the loss on record and begins a new shard.`,
    ),
  NotServable: (message, code) => new Failure(1, `${NOT_SERVABLE[code]}：${message}`, message),
  StoreUnavailable: (message) =>
    new Failure(
      1,
      `数据库没有应答（${message}）。请检查地址、口令与网络，稍后再试。`,
      `The database did not answer (${message}). Check its address, the password and the network, then try again.`,
    ),
  ConfigError: (message, _, zh = message) => new Failure(2, `配置有误。${zh}`, message),
  KeyError: (message) =>
    new Failure(
      1,
      `网关密钥有误：${message}。请从备份恢复 keys 目录。`,
      `${message}. Restore the folder keys/ from a back-up.`,
    ),
  ImportError: (message) =>
    new Failure(1, '文件里没有数据行；空的登记库会一律答“无记录”，故不导入。', message),
  RingError: (message, code) => new Failure(1, `${RING[code] ?? '不能这样做'}。`, message),
  SystemKeyError: (message, code) =>
    new Failure(
      code === 'private' || code === 'unfit' ? 2 : 1,
      SYSTEM_KEY[code] ?? message,
      message,
    ),
  PersonError: (message, code) => new Failure(1, `${PERSON[code] ?? message}。`, message),
  StaleRevision: (message) =>
    new Failure(1, '在此期间有人改动了同一事项，什么也没有改变；请看过再试。', message),
  XlsxError: (message, code) =>
    new Failure(
      1,
      `${XLSX[code]?.zh ?? '不能使用这个 XLSX'}：${message}。未导入任何行，原快照继续作答。`,
      `${XLSX[code]?.en ?? 'This XLSX cannot be used'}: ${message}. Nothing was imported.`,
    ),
  ShardError: (message, code) =>
    new Failure(
      code === 'moved' ? 1 : 2,
      `${SHARD[code] ?? '不能开始新的分片'}：${message}`,
      message,
    ),
  EraseError: (message, code) => new Failure(1, ERASE[code] ?? message, message),
  LogUnavailable: (message) =>
    new Failure(
      1,
      '存证日志写入失败：请检查磁盘空间与权限，然后重试。',
      `The log could not be written: ${message}`,
    ),
  NoAnswer: (message) =>
    new Failure(
      1,
      `网关没有及时给出答复（${message}）；无答复不等于无记录，请稍后再试。`,
      `The gateway gave no answer in time (${message}); silence is never "no": try again later.`,
    ),
  Unverified: (message) =>
    new Failure(
      1,
      `收到的内容不能验证，不作为答复：${message}。请核对信任文件与网关地址。`,
      `What came back does not verify and is no answer: ${message}. Check the trust file and the address.`,
    ),
  CalendarError: (message) =>
    new Failure(
      2,
      `工作日历有误，未装入：${message}`,
      `The calendar does not fit, nothing was loaded: ${message}`,
    ),
  CalendarNotLoaded: (message, _, zh = message) => new Failure(1, zh, message),
  PolicyError: documentFault('规则 policies/'),
  ContractError: documentFault('契约 contracts/'),
  RegistryError: documentFault('登记文件 seed/'),
}

const NOT_SERVABLE: Readonly<Record<string, string>> = {
  moved: '这个网关已经搬走，不能再从这里启动',
  unfinished: '这是一份没有完成的副本，不能启动；请重新运行同一命令，或将其删除',
}

const ERASE: Readonly<Record<string, string>> = {
  unknown: '没有这个请求的记录；请核对 jti（或 --hash）、--system 与 --data。',
  already: '该请求的记录已经销毁过。',
  ambiguous: '不止一个请求用过这个 jti：请用 --system 指明系统，或用 --hash 指明其中一个。',
  running: '该请求正在办理中，请一分钟后再试。',
}

const SHARD: Readonly<Record<string, string>> = {
  seen: '检查点不能采用',
  reason: '理由须为一行，1 至 200 字',
  moved: '日志在此期间又有记录，什么也没有改变；请重试',
}

const RING: Readonly<Record<string, string>> = {
  unknown: '没有这把密钥',
  known: '该密钥已在环中',
  full: '密钥环已满',
  instant: '时点不合规则',
  'in-use': '该密钥仍在使用，这一步还不能做（先轮换、重新包裹，或稍等一分钟）',
  already: '这一步已做过',
  valid: '密钥尚在有效期内，须先退役或撤销',
}

const SYSTEM_KEY: Readonly<Record<string, string>> = {
  private: '该文件含有私钥：它已离开其主人，不得再用。请由系统方重新生成，只交公钥。',
  unfit: '不是可用的签名公钥：须为 ES256（P-256）或 Ed25519 的 JWK。',
  system: '没有登记这个系统；请核对 --system。',
  known: '该密钥已经登记。一把密钥只属于一个系统。',
  unknown: '该系统没有这把密钥；请用 mianzheng keys list 查看。',
  already: '该密钥已经退役或撤销。',
  instant: '时点不合规则：退役与生效不得早于现在，撤销不得晚于现在。',
}

const PERSON: Readonly<Record<string, string>> = {
  unknown: '没有这个人；请用 mianzheng people list 查看编号',
  known: '此人（身份认证系统与 sub 相同）已经登记',
  side: '审计与其他角色不能归于一人',
  has: '此人已有该角色',
  lacks: '此人没有该角色',
  already: '已是该状态',
  full: '一人至多 50 个角色',
}

const XLSX: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  'not-xlsx': { zh: '不是完好的 XLSX 文件', en: 'Not a sound XLSX file' },
  'too-large': {
    zh: 'XLSX 超过限度，请改用 CSV',
    en: 'The XLSX is beyond the limits; hand it over as CSV',
  },
  encrypted: {
    zh: '文件有密码或为旧版 .xls，请另存为不加密的 .xlsx',
    en: 'It has a password or is an old .xls; save it as .xlsx without one',
  },
  sheet: { zh: '没有这张工作表，请核对 --sheet', en: 'There is no such sheet; check --sheet' },
  header: { zh: '首行须为互不相同的列名', en: 'The first row names each column once' },
  formula: {
    zh: '表中有公式，请选择性粘贴为数值后再导入',
    en: 'The sheet holds formulas; paste them as values',
  },
  'cell-error': { zh: '单元格是错误值（如 #N/A）', en: 'A cell is an error value (as #N/A)' },
  digits: {
    zh: '数字超过 15 位，Excel 已丢失末位；请把该列设为文本后重新填写',
    en: 'A number of more than 15 digits has lost its last ones; make the column text and enter it again',
  },
}

function documentFault(where: string): (message: string) => Failure {
  return (message) => new Failure(2, `${where} 有误：${message}`, message)
}

/** Faults of files, addresses and the database, which name their own cause by a code. */
function systemFault(error: Error): Failure | undefined {
  const { code, path } = error as NodeJS.ErrnoException
  const { message } = error
  if (code === undefined) return undefined
  const where = path ?? message
  if (code === 'ENOENT') return new Failure(2, `找不到文件：${where}`, `No such file: ${where}`)
  if (code === 'EISDIR' || code === 'ENOTDIR' || code === 'EEXIST')
    return new Failure(2, `路径不对：${where}`, `Not the right kind of path: ${where}`)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new Failure(2, `没有权限：${where}`, `No permission: ${where}`)
  if (code.startsWith('SQLITE_READONLY'))
    return new Failure(2, '数据库文件没有写权限。', `The database may not be written: ${message}`)
  if (code === 'SQLITE_CANTOPEN')
    return new Failure(2, `数据库打不开：${message}`, `The database cannot be opened: ${message}`)
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return new Failure(
      1,
      '数据库正被另一进程占用，请稍后再试。',
      'Another process holds the database; try again in a moment.',
    )
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return new Failure(
      1,
      `数据库文件本身已损坏（${message}），请从备份恢复。`,
      `The database file itself is damaged (${message}); restore it from a back-up.`,
    )
  if (code === 'CSV_NOT_UTF8')
    return new Failure(
      1,
      '文件不是 UTF-8 编码（Excel 缺省存为 GBK）。请另存为“CSV UTF-8”或 .xlsx。未导入任何行，原快照继续作答。',
      'The file is not UTF-8 (a Chinese Excel writes GBK). Save it as "CSV UTF-8" or .xlsx. Nothing was imported.',
    )
  if (code.startsWith('CSV_')) return new Failure(1, `CSV 格式有误：${message}`, message)
  return undefined
}

function unexpected({ message }: Error): Failure {
  return new Failure(
    1,
    `意外错误：${message}（设 MIANZHENG_DEBUG=1 可看调用栈）`,
    `Unexpected: ${message} (MIANZHENG_DEBUG=1 shows the stack)`,
  )
}

/** What is wrong was the result and has been printed: only the exit code remains to be said. */
export function foundBad(): Failure {
  return new Failure(1, '', 'found bad')
}

/** Something would change: told already, and only the exit code remains to be said. */
export function foundChanges(): Failure {
  return new Failure(3, '', 'found changes')
}
