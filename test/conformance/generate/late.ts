import type { RequestVector } from '../vectors.ts'
import { refusal } from './refusal.ts'
import { at, HOUSEHOLD, HOUSING, LICENCE, LICENCES, RELIEF, RELIEVED, request } from './sign.ts'

/** Checks 13 to 17: what is asked is in order; whether it is granted, and whether it can be had. */
export function late(): RequestVector[] {
  return [...agreement(), ...limits(), ...faults()]
}

function agreement(): RequestVector[] {
  const purpose = { ...LICENCE.purpose, scenario: 'curiosity' }
  return [
    refusal(['no-agreement', 'no-agreement', 403, '约定已到期', 'the agreement ended'], 13, {
      state: 'agreement-ended',
    }),
    refusal(
      ['purpose', 'purpose', 403, '用途不在约定之内', 'a purpose that it does not list'],
      13,
      {
        claims: { purpose },
      },
    ),
    refusal(['claims', 'claims', 403, '该项未获同意', 'a claim that was not granted'], 13, {
      system: RELIEF,
      question: { ...RELIEVED, ask: [{ claim: 'address' }] },
    }),
    refusal(
      ['claims-read', 'claims', 403, '只可比较，不可读取', 'granted to compare, not to read'],
      13,
      {
        system: RELIEF,
        question: { ...RELIEVED, ask: [{ claim: 'hukouRegion' }] },
      },
    ),
    refusal(['region', 'region', 403, '不在约定地域', 'outside the regions of the agreement'], 13, {
      state: 'agreement-elsewhere',
    }),
    refusal(
      ['authorization', 'authorization', 403, '缺少约定的授权种类', 'another kind of authority'],
      13,
      {
        system: HOUSING,
        question: {
          ...HOUSEHOLD,
          authorization: { kind: 'application', ref: '申请 ZB-2026-0308' },
        },
      },
    ),
    refusal(['policy', 'policy', 403, '本市规则禁止', "the city's own rules forbid it"], 14, {
      state: 'policy-forbids',
    }),
  ]
}

function limits(): RequestVector[] {
  const before = (n: number) =>
    Array.from({ length: n }, (_, i) => ({
      now: at(0),
      body: request(LICENCES, guess(`2022-10-${String(i + 10)}`)),
    }))
  const guess = (day: string) => ({ ...LICENCE, ask: [{ claim: 'establishedOn', atLeast: day }] })
  return [
    refusal(['quota', 'quota', 429, '当日额度已用完', "the day's quota is used up"], 15, {
      state: 'quota-of-one',
      earlier: before(1),
    }),
    refusal(['rate', 'rate', 429, '请求过密', 'too many at once'], 15, {
      state: 'rate-of-one',
      earlier: before(1),
    }),
    refusal(
      ['probing', 'probing', 429, '对一人一项猜得太多', 'too many guesses at one claim'],
      15,
      {
        earlier: before(3),
        question: guess('2022-10-25'),
      },
    ),
  ]
}

function faults(): RequestVector[] {
  return [
    refusal(['provider-down', 'provider-down', 503, '提供方连接不上', 'the provider is down'], 16, {
      state: 'provider-down',
    }),
    refusal(
      ['provider-timeout', 'provider-timeout', 504, '提供方超时', 'the provider is late'],
      16,
      {
        state: 'provider-slow',
      },
    ),
    refusal(
      ['provider-invalid', 'provider-invalid', 502, '提供方答非所约', 'it answers something else'],
      16,
      {
        state: 'provider-wrong',
      },
    ),
    refusal(
      ['log-unavailable', 'log-unavailable', 503, '没有记录就没有答复', 'no record, no answer'],
      17,
      {
        state: 'log-unavailable',
      },
    ),
    refusal(
      [
        'signer-unavailable',
        'signer-unavailable',
        503,
        '没有签名就没有答复',
        'no signature, no answer',
      ],
      17,
      { state: 'signer-unavailable' },
    ),
  ]
}
