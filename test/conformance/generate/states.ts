import type { State } from '../vectors.ts'
import { at, LICENCES, PROVIDER } from './sign.ts'

const KITCHENS = 'restaurant-ent'

/** ENT-01 is asked of the provider's own endpoint. */
const ONLINE: State['changes'] = [
  {
    document: 'item',
    id: 'ENT-01',
    merge: {
      connector: { kind: 'http', system: PROVIDER, lookup: [{ subject: 'uscc' }], confirm: [] },
    },
  },
]

/** Every state that a vector names. Those that change nothing but one thing say it in that thing's terms. */
export const STATES: Readonly<Record<string, State>> = {
  'as-registered': {
    note: { zh: 'registry.json，未作改动', en: 'registry.json as it stands' },
  },
  'key-not-yet-valid': {
    note: { zh: '该系统的密钥明天才生效', en: "the system's key is valid from tomorrow" },
    changes: [{ document: 'key', id: LICENCES, merge: { validFrom: at(86_400) } }],
  },
  'key-retired': {
    note: { zh: '该系统的密钥此刻到期', en: "the system's key is no longer valid at this instant" },
    changes: [{ document: 'key', id: LICENCES, merge: { validTo: at(0) } }],
  },
  'key-revoked': {
    note: { zh: '该系统的密钥此刻被吊销', en: "the system's key is revoked at this instant" },
    changes: [{ document: 'key', id: LICENCES, merge: { revokedAt: at(0) } }],
  },
  'key-revoked-later': {
    note: { zh: '一秒后才吊销', en: 'revoked one second later' },
    changes: [{ document: 'key', id: LICENCES, merge: { revokedAt: at(1) } }],
  },
  erased: {
    note: { zh: '先前请求的记录已删除', en: "the earlier requests' records were erased" },
    erased: true,
  },
  'agency-suspended': {
    note: { zh: '该系统所属机关已暂停', en: "the system's own agency is suspended" },
    changes: [{ document: 'agency', id: '12990100MB9901083C', merge: { status: 'suspended' } }],
  },
  'agreement-ended': {
    note: { zh: '共享约定昨天到期', en: 'the agreement ended yesterday' },
    changes: [{ document: 'agreement', id: KITCHENS, merge: { validTo: '2026-11-22' } }],
  },
  'agreement-elsewhere': {
    note: { zh: '约定只及于另一县', en: 'the agreement covers another county only' },
    changes: [{ document: 'agreement', id: KITCHENS, merge: { regions: ['990121'] } }],
  },
  'item-draft': {
    note: { zh: '两个版本都还是草案', en: 'both versions of the item are drafts' },
    changes: [{ document: 'item', id: 'ENT-01', merge: { state: 'draft' } }],
  },
  'policy-forbids': {
    note: { zh: '本市规则禁止（不论何事）', en: "the city's own rules forbid it, whatever it is" },
    policy: 'forbids',
  },
  'quota-of-one': {
    note: { zh: '每日限一次', en: 'the agreement allows one answer a day' },
    changes: [{ document: 'agreement', id: KITCHENS, merge: { dailyQuota: 1 } }],
  },
  'rate-of-one': {
    note: { zh: '令牌桶容量为一', en: "the system's bucket holds one token, one in ten seconds" },
    changes: [{ document: 'system', id: LICENCES, merge: { rate: { perSecond: 0.1, burst: 1 } } }],
  },
  'provider-down': {
    note: { zh: '提供方连接不上', en: 'the provider cannot be reached' },
    provider: 'down',
  },
  'provider-slow': {
    note: { zh: '提供方未在时限内答复', en: 'the provider does not answer in time' },
    provider: 'timeout',
  },
  'provider-wrong': {
    note: { zh: '提供方所答与约定格式不符', en: "the provider's answer does not fit the contract" },
    provider: 'invalid',
  },
  'provider-online': {
    note: {
      zh: 'ENT-01 由提供方自己的接口作答',
      en: "ENT-01 is answered by its provider's endpoint",
    },
    changes: ONLINE,
  },
  'cut-off': {
    note: {
      zh: '先前的请求在问提供方的途中，网关停机；重启后提供方连不上',
      en: 'the gateway was stopped while it asked for the earlier requests; then the provider is away',
    },
    changes: ONLINE,
    provider: 'down',
    cutOff: true,
  },
  'log-unavailable': {
    note: { zh: '日志写不进去', en: 'the log cannot be written' },
    log: 'unavailable',
  },
  'signer-unavailable': {
    note: { zh: '签名设备不应答', en: 'the device that holds the key does not sign' },
    signer: 'unavailable',
  },
}
