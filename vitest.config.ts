import { defineConfig } from 'vitest/config'

/** What any engine must hold: the log, limits, retries, evidence, refusals. */
const ENGINES = [
  'test/storage/engine.test.ts',
  'test/exchange/{retry,limits,intend,two-nodes}.test.ts',
  'test/evidence/erase.test.ts',
  'test/audit/{search,record}.test.ts',
  'test/people/{change,session}.test.ts',
  'test/proposal/{joining,person}.test.ts',
  'test/log/{append,next-shard.engine}.test.ts',
]

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'all', include: ['test/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: ENGINES,
          env: { TEST_ENGINE: 'postgres' },
          globalSetup: 'test/postgres-city.ts',
        },
      },
    ],
  },
})
