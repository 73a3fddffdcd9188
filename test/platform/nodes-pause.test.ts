import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import {
  clusterForFile,
  expectRetryable,
  expectSound,
  type Node,
  requestOf,
  sendUntilAnswered,
  startLoad,
  startNodes,
  until,
} from './nodes.ts'

/** How long each stop lasts: some end before the server has cut the node off, some long after. */
const STOPS_MILLIS = [200, 1000, 1600, 2500, 10_000]
/** By then those who wait for a stopped holder of the head go on: the server's time-outs, and some load. */
const WAIT_MILLIS = 4000

const { cluster, describeNodes, nodes } = await clusterForFile()

describeNodes('a node stopped under load', () => {
  test('and continued: the others go on meanwhile, it reloads, and nobody signed another tree', async () => {
    const city = await cluster.city()
    nodes.push(...(await startNodes(city, 2)))
    const [near, far] = nodes as [Node, Node]
    const loads = [startLoad(city, [near]), startLoad(city, [far])]
    const [others, own] = loads.map(({ load }) => load)
    if (!others || !own) throw new Error('no load')
    let longest = 0
    for (const millis of STOPS_MILLIS) {
      const before = own.answered.length
      await until(() => own.answered.length > before + 10, 'answers of the node')
      await pause(randomInt(0, 30))
      far.child.kill('SIGSTOP')
      for (const end = performance.now() + millis; performance.now() < end; ) {
        const answered = others.answered.length
        longest = Math.max(
          longest,
          await until(() => others.answered.length > answered, 'the others'),
        )
      }
      far.child.kill('SIGCONT')
    }
    process.stderr.write(`the others waited at most ${Math.round(longest)} ms for a stopped node\n`)
    expect(longest).toBeLessThan(WAIT_MILLIS)
    const again = await sendUntilAnswered(far, requestOf(city))
    await Promise.all(loads.map((one) => one.end()))
    expectRetryable([...others.refused, ...own.refused])
    for (const { child } of nodes) expect(child.exitCode).toBeNull()
    const retried = await Promise.all(
      own.refused.map(({ request }) => sendUntilAnswered(near, request)),
    )
    const shown = new Set([...others.shown, ...own.shown])
    await expectSound(city, [...others.answered, ...own.answered, ...retried, again], shown)
  }, 90_000)
})
