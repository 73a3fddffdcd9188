import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What any engine must hold: the log, limits, retries, evidence, refusals. */
const ENGINES = [
  'test/storage/engine.test.ts',
  'test/exchange/{retry,limits,intend,two-nodes}.test.ts',
  'test/evidence/erase.test.ts',
  'test/audit/{search,record}.test.ts',
  'test/people/{change,session}.test.ts',
  'test/proposal/{inbox,joining,person}.test.ts',
  'test/log/{append,next-shard.engine}.test.ts',
]

/** They start processes, browsers and engines, or change what a process has once. */
const OUTSIDE = ['test/{platform,cli,browser,client,examples,conformance}/**/*.test.ts']

/** Minutes each, and mostly waiting: begun last they would run alone at the end. */
const LONG = /\/(browser|examples|platform\/(nodes|kill|move|workers)|cli)/

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification) => LONG.test(moduleId)
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 3,
    sequence: { sequencer: LongFirst },
    globalSetup: 'test/run-folder.ts',
    projects: [
      { extends: true, test: { name: 'outside', include: OUTSIDE } },
      {
        extends: true,
        // Half of a file's time was loading the same sources anew.
        test: {
          name: 'inside',
          include: ['test/**/*.test.ts'],
          exclude: OUTSIDE,
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: ENGINES,
          isolate: false,
          env: { TEST_ENGINE: 'postgres' },
          globalSetup: ['test/run-folder.ts', 'test/postgres-city.ts'],
        },
      },
    ],
  },
})
