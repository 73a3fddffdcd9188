import { afterEach, describe, expect, test } from 'vitest'
import { HOUSING } from '../caller.ts'
import { claimsOf } from '../city.ts'
import { checkWholeLog } from '../harness.ts'
import { opened, valuesIn } from './forms.ts'

afterEach(checkWholeLog)

const NEW = '/console/corrections/new'
const WRONG = { 'claims.status': 'yes', reason: '与窗口所见结婚证不符' }

/** A marriage was answered for 住房; @returns the answer's number in the log, and where it is reported. */
async function answered() {
  const all = await opened()
  const reply = await all.gateway.ask(HOUSING, claimsOf('family-4-marriage'))
  const entry = String(reply.headers.get('log-index'))
  return { ...all, entry, path: `${NEW}?entry=${entry}` }
}

describe('wrong data', () => {
  test('is reported from the system’s page, replied to by the provider, and its clock stops', async () => {
    const { by, path } = await answered()
    const officer = await by('ji')
    const { text: calls } = await officer.get('/console/systems/housing-bureau')
    expect(calls).toContain(`href="${path}"`)
    const { text } = await officer.get(path)
    expect(text).toContain('/items/MAR-01')
    const { status, to } = await officer.post(NEW, { ...valuesIn(text), ...WRONG })
    expect([status, to]).toEqual([303, expect.stringContaining('?done=report')])
    const shown = await officer.get(to)
    expect(shown.text).toContain('提供机关须在 10 个工作日内校核答复')
    expect(shown.text).toContain(WRONG.reason)
    const provider = await by('fan')
    const at = to.split('?', 1)[0] as string
    expect((await provider.get('/console')).text).toContain(at)
    const revision = valuesIn((await provider.get(at)).text).revision as string
    const reason = '已核对原始档案，登记有误，已更正'
    const replied = await provider.post(at, { verb: 'mend', revision, reason })
    expect(replied.status).toBe(303)
    expect((await officer.get(at)).text).toContain(reason)
  })

  test('of an answer that is being verified already leads to that report', async () => {
    const { by, path, entry } = await answered()
    const head = await by('kang')
    const { to } = await head.post(NEW, { entry, ...WRONG })
    expect((await head.get(path)).text).toContain(`href="${to.split('?', 1)[0]}"`)
  })

  test('is asked for by number where nobody came from a call; the list of changes leads there', async () => {
    const { by, entry } = await answered()
    const admin = await by('ji')
    expect((await admin.get('/console/proposals')).text).toContain(`href="${NEW}"`)
    const { text } = await admin.get(NEW)
    expect(text).toContain('name="entry"')
    expect((await admin.get(`${NEW}?entry=%20${entry}%20`)).status).toBe(200)
  })
})

describe('bad input', () => {
  test.each([
    ['no claim', { 'claims.status': '' }, 'claims'],
    ['a word instead of a tick', { 'claims.status': 'no' }, 'claims'],
    ['no reason', { reason: '  ' }, 'reason'],
    ['words without end', { reason: '长'.repeat(2001) }, 'reason'],
  ])('%s is said beside its field and at the top, and nothing is kept', async (_, wrong, name) => {
    const { by, gateway, entry } = await answered()
    const admin = await by('ji')
    const size = gateway.size()
    const sent = await admin.post(NEW, { entry, ...WRONG, ...wrong })
    expect(sent.status).toBe(400)
    expect(sent.text).toContain(`href="#${name}"`)
    expect(sent.text).toContain(`id="${name}"`)
    expect(gateway.size()).toBe(size)
  })

  test('claims that the item does not have: what was written stands in the form again', async () => {
    const { by, gateway, entry } = await answered()
    const admin = await by('ji')
    const size = gateway.size()
    for (const name of ['claims.__proto__', 'claims.<script>x', 'claims.']) {
      const sent = await admin.post(NEW, { entry, ...WRONG, [name]: 'yes' })
      expect(sent.status).toBe(400)
      expect(sent.text).toContain(WRONG.reason)
      expect(sent.text).not.toContain('<script>x')
    }
    expect(gateway.size()).toBe(size)
  })
})

describe('security', () => {
  test('another agency’s answer, a refusal and nothing at all are told apart by nothing', async () => {
    const { by, gateway, entry } = await answered()
    const refusal = await gateway.ask(HOUSING, { ...claimsOf('family-4-marriage'), item: 'X-99' })
    expect(refusal.status).toBeGreaterThanOrEqual(400)
    const stranger = await by('lin')
    const size = gateway.size()
    const numbers = [entry, '0', String(size - 1), '999999999999999', '-1', '1.5', '1e3', '<b>']
    for (const number of numbers) {
      const seen = await stranger.get(`${NEW}?entry=${encodeURIComponent(number)}`)
      const sent = await stranger.post(NEW, { entry: number, ...WRONG })
      for (const { status, text } of [seen, sent]) {
        expect([number, status]).toEqual([number, 400])
        expect(text).toContain('没有这个日志号的答复')
        expect(text).not.toContain('MAR-01')
        expect(text).not.toContain('<b>')
      }
    }
    expect(gateway.size()).toBe(size)
  })

  test('whoever reports for no agency has neither the page nor the ways there', async () => {
    const { by, path, entry } = await answered()
    for (const subject of ['bo', 'ning']) {
      const browser = await by(subject)
      expect((await browser.get(path)).status).toBe(403)
      expect((await browser.post(NEW, { entry, ...WRONG })).status).toBe(403)
      for (const from of ['/console/proposals', '/console/systems/housing-bureau'])
        expect((await browser.get(from)).text).not.toContain(NEW)
    }
  })
})
