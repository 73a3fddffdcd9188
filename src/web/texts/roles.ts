import { messages } from '../words.ts'

/** What people may do, as they read it. */
export const ROLES = messages(
  {
    admin: '机关管理员',
    approver: '共享工作机构负责人',
    authority: '共享主管部门',
    officer: '协助办理人员',
    auditor: '审计人员',
  },
  {
    admin: 'Agency admin',
    approver: 'Head of the sharing unit',
    authority: 'Sharing authority',
    officer: 'Assistance officer',
    auditor: 'Auditor',
  },
)
