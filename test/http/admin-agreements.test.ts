import { afterEach, expect, test } from 'vitest'
import { checkWholeLog } from '../harness.ts'
import { openWithPeople } from '../people.ts'
import { applicationOf } from '../proposal/applying.ts'

afterEach(checkWholeLog)

const PATH = '/v1/admin/proposals'

test('an application by API shows its clocks, one by one and in the list; the console refuses it by form', async () => {
  const { gateway, signIn, as } = await openWithPeople()
  const by = async (subject: string) => as(await signIn(subject))
  const [admin, head, provider] = [await by('ji'), await by('kang'), await by('er')]
  const doc = await applicationOf(gateway, 'housing-mar')
  const opened = await admin('POST', PATH, { body: { kind: 'agreement', doc } })
  expect(opened.status).toBe(201)
  const { id } = (await opened.json()) as { id: string }
  const act = (who: typeof admin, verb: string, revision: number, body: object = {}) =>
    who('POST', `${PATH}/${id}/${verb}`, { body, more: { 'if-match': `"${revision}"` } })
  const shown = await (await admin('GET', `${PATH}/${id}`)).json()
  const words = (level: string) =>
    Object.fromEntries(
      (shown as { findings: { level: string; id: string }[] }).findings
        .filter((one) => one.level === level)
        .map((one) => [one.id, '已核实']),
    )
  const said = { reasons: words('reason'), answers: words('question') }
  expect((await act(admin, 'submit', 1, { said })).status).toBe(200)
  expect((await act(head, 'approve', 2)).status).toBe(200)

  const one = await (await provider('GET', `${PATH}/${id}`)).json()
  expect(one).toMatchObject({
    clocks: [
      {
        name: 'answer',
        state: 'normal',
        due: { on: '2026-12-07' },
        trace: { dueAt: expect.any(String) },
      },
      { name: 'correction-notice', due: { on: '2026-11-30' } },
    ],
  })
  const { proposals } = (await (await provider('GET', `${PATH}?kind=agreement`)).json()) as {
    proposals: { clocks: object[] }[]
  }
  expect(proposals[0]?.clocks[0]).toMatchObject({ name: 'answer', state: 'normal' })
  expect(proposals[0]?.clocks[0]).not.toHaveProperty('trace')

  const page = await provider('GET', `/console/proposals/${id}`)
  expect(await page.text()).toContain('name="details:law"')
  const form = (more: Record<string, string>) =>
    provider('POST', `/console/proposals/${id}`, {
      body: new URLSearchParams({
        ...{ verb: 'refuse', revision: '3', reason: '目的不符', 'details:code': 'R04' },
        ...more,
      }),
    })
  expect((await form({})).status).toBe(400)
  expect((await form({ 'details:law': '政务数据共享条例第二十五条' })).status).toBe(303)
  const refused = await (await admin('GET', `${PATH}/${id}`)).json()
  expect(refused).toMatchObject({
    proposal: { state: 'refused' },
    clocks: [{ name: 'answer', state: 'done', isLate: false }, {}],
  })
})
