import { agreementParam, applyQuery } from '../web/console/agreement-routes.ts'
import { correctionQuery } from '../web/console/correction-routes.ts'
import { stopParam } from '../web/console/item-routes.ts'
import { personQuery } from '../web/console/people-routes.ts'
import { listQuery } from '../web/console/proposal-routes.ts'
import { pledgeParam, serviceParam } from '../web/console/service-routes.ts'
import { systemParam } from '../web/console/system-routes.ts'
import { pagedQuery } from '../web/paging.ts'
import { proposalParam } from './admin-proposals.ts'
import { itemParam } from './catalog.ts'
import { SIGNED_IN, type Writing } from './openapi-people.ts'

/** The console's pages and forms; programs use `/v1/admin/proposals`. */
export function consolePaths({ parameters, refused }: Writing) {
  const page = (summary: string, given: unknown = []) => ({
    summary,
    security: SIGNED_IN,
    parameters: given,
    responses: { 200: { description: 'OK', content: { 'text/html': {} } }, ...refused },
  })
  const form = (summary: string, given: unknown = []) => ({
    summary,
    security: SIGNED_IN,
    parameters: given,
    requestBody: { required: true, content: { 'application/x-www-form-urlencoded': {} } },
    responses: { 303: { description: 'Done; see there' }, ...refused },
  })
  const id = parameters(proposalParam)
  const code = parameters(itemParam)
  const system = parameters(systemParam)
  return {
    '/console': { get: page('待办 · To do') },
    '/console/proposals': {
      get: page('变更一览（页面） · Changes, as a page', parameters(listQuery, 'query')),
    },
    '/console/proposals/{id}': {
      get: page('一件变更（页面） · One change, as a page', id),
      post: form('办理一件变更（表单） · Act on a change', id),
    },
    '/console/proposals/{id}/edit': {
      get: page('修改草稿 · Edit a draft', id),
      post: form('存下草稿 · Save a draft', id),
    },
    '/console/session': {
      get: page('我的账号 · My account'),
      post: form('终止会话 · End sessions'),
    },
    '/console/people': { get: page('人员 · People') },
    '/console/people/new': {
      get: page(
        '登记人员，变更角色 · Propose a person, or roles',
        parameters(personQuery, 'query'),
      ),
      post: form('提交 · Send'),
    },
    '/console/systems': { get: page('接入系统 · Systems') },
    '/console/systems/new': {
      get: page('新系统接入 · Add a system'),
      post: form('核对指纹，提交 · Compare the fingerprint, send', []),
    },
    '/console/systems/{id}': { get: page('一个系统 · One system', system) },
    '/console/systems/{id}/keys/new': {
      get: page('登记新密钥 · Add a key', system),
      post: form('核对指纹，提交 · Compare the fingerprint, send', system),
    },
    '/console/systems/{id}/key-end': {
      post: form('停用或作废密钥 · Retire or revoke a key', system),
    },
    '/console/import': {
      get: page('从文件导入 · Import from a file'),
      post: {
        ...form('预览每一行，再提出 · Preview each row, then propose'),
        requestBody: { required: true, content: { 'multipart/form-data': {} } },
        responses: { 200: { description: 'What was found or done' }, ...refused },
      },
    },
    '/console/agreements': {
      get: page('共享约定与申请 · Agreements and applications', parameters(pagedQuery, 'query')),
    },
    '/console/agreements/new': {
      get: page('提出共享申请 · Apply to share data', parameters(applyQuery, 'query')),
      post: form('存为草稿 · Save the draft of an application'),
    },
    '/console/agreements/{id}': {
      get: page('约定 · An agreement', parameters(agreementParam)),
      post: form('登记在案 · Take it on record', parameters(agreementParam)),
    },
    '/console/corrections/new': {
      get: page('报告数据有误 · Report wrong data', parameters(correctionQuery, 'query')),
      post: form('报告数据有误（条例第二十六条） · Report wrong data to its provider'),
    },
    '/console/services': {
      get: page('本机关的服务事项 · Own services', parameters(pagedQuery, 'query')),
    },
    '/console/services/new': {
      get: page('登记服务事项 · Register a service'),
      post: form('存为草稿 · Save the draft of a service'),
    },
    '/console/services/{code}/edit': {
      get: page('修改服务事项 · Change a service', parameters(serviceParam)),
      post: form('存为草稿 · Save the draft of a change', parameters(serviceParam)),
    },
    '/console/agencies/{uscc}/pledge': {
      get: page('零报告承诺 · Nil-report pledge', parameters(pledgeParam)),
      post: form('存为草稿 · Save the draft of a pledge', parameters(pledgeParam)),
    },
    '/console/items': {
      get: page('本机关的协助事项 · Own items', parameters(pagedQuery, 'query')),
    },
    '/console/items/new': {
      get: page('提出新事项 · Propose an item'),
      post: form('存为草稿 · Save the draft of a new item'),
    },
    '/console/items/{code}/edit': {
      get: page('提出新版本 · Propose a new version', code),
      post: form('存为草稿 · Save the draft of a new version', code),
    },
    '/console/items/{code}/{what}': {
      get: page('暂停或停用一个事项 · Suspend or retire an item', parameters(stopParam)),
      post: form('暂停，或提出停用 · Suspend it, or propose its end', parameters(stopParam)),
    },
  }
}
