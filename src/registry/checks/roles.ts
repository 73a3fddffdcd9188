import type { System } from '../documents.ts'
import { personalInformation } from './law.ts'
import { block, type Rule } from './rule.ts'

/** Who audits asks for nothing, and a sandbox is no way into the city. Blocks. */
export const roles: Rule<System> = {
  id: 'roles',
  article: personalInformation('第五十一条'),
  holds: { zh: '角色互不冲突', en: 'Its roles do not conflict' },
  judge: ({ roles: all }) => {
    const others = all.filter((role) => role !== 'auditor')
    return [
      ...(all.includes('auditor') && others.length > 0
        ? [
            block(
              '/roles',
              '审计系统不得兼任其他角色',
              'A system that audits may have no other role',
            ),
          ]
        : []),
      ...(all.includes('sandbox')
        ? [
            block(
              '/roles',
              '沙箱系统由其自助登记，不经审批',
              'Sandbox systems register themselves and are not approved',
            ),
          ]
        : []),
    ]
  },
}
