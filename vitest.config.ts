import { defineConfig } from 'vitest/config'

/** What any engine must hold: the path, its limits, retries, evidence and the log. */
const ENGINES = [
  'test/storage/engine.test.ts',
  'test/exchange/*.test.ts',
  'test/evidence/*.test.ts',
  'test/log/append.test.ts',
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
