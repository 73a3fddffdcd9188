import type { Adapter, AdapterPayload } from 'oidc-provider'

const ENTRIES_MAX = 2000

type Kept = { payload: AdapterPayload; readonly until: number }

/** What the development identity provider remembers: bounded, and gone with the process. */
export function memoryAdapter(): (model: string) => Adapter {
  const kept = new Map<string, Kept>()

  const find = (key: string): AdapterPayload | undefined => {
    const found = kept.get(key)
    if (found && found.until <= Date.now()) kept.delete(key)
    else return found?.payload
    return undefined
  }
  const findBy = (model: string, name: 'uid' | 'userCode', value: string) =>
    [...kept].find(
      ([key, { payload }]) => key.startsWith(`${model} `) && payload[name] === value,
    )?.[0]

  return (model) => ({
    upsert: async (id, payload, seconds) => {
      const oldest = kept.keys().next().value
      if (kept.size >= ENTRIES_MAX && oldest !== undefined) kept.delete(oldest)
      const until = seconds ? Date.now() + seconds * 1000 : Number.POSITIVE_INFINITY
      kept.set(`${model} ${id}`, { payload, until })
    },
    find: async (id) => find(`${model} ${id}`),
    findByUid: async (uid) => {
      const key = findBy(model, 'uid', uid)
      return key === undefined ? undefined : find(key)
    },
    findByUserCode: async (code) => {
      const key = findBy(model, 'userCode', code)
      return key === undefined ? undefined : find(key)
    },
    consume: async (id) => {
      const found = kept.get(`${model} ${id}`)
      if (found) found.payload = { ...found.payload, consumed: Math.floor(Date.now() / 1000) }
    },
    destroy: async (id) => void kept.delete(`${model} ${id}`),
    revokeByGrantId: async (grantId) => {
      for (const [key, { payload }] of kept) if (payload.grantId === grantId) kept.delete(key)
    },
  })
}
