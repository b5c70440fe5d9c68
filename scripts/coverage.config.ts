import { defineConfig } from 'vitest/config'

/** The tests of frames and of the socket. Node itself loads the code that they test, so that what V8 counts has the places of the source. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: [
      'packages/kernel/test/{frames,cuts,doors-agree,delegates}.test.ts',
      'packages/client/src/node/*.test.ts',
      'apps/cli/test/connect-or-start.test.ts',
    ],
    setupFiles: ['scripts/checks/take-coverage.ts'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    server: { deps: { external: [/\/packages\/(contract|kernel|client|testkit)\/src\/.*(?<!\.test)\.ts$/] } },
  },
})
