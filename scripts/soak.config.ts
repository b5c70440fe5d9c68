import { configDefaults, defineConfig } from 'vitest/config'
import { settings } from '../vitest.config.ts'

// `npm run soak`: the suites of faults, with their full counts. One at a time, as they measure how soon a daemon is back.
export default defineConfig({
  test: {
    ...settings,
    include: [
      '{packages,apps}/*/test/{faults,fuzz,soak,stories,doors}/**/*.test.ts',
      'apps/{console,relay}/test/**/*.test.ts',
      'apps/daemon/src/domains/sessions/search.test.ts',
      '{packages,apps}/*/src/**/fuzz.test.ts',
    ],
    // That of the relay is `npm run chaos`.
    exclude: [...configDefaults.exclude, 'apps/relay/test/chaos.test.ts'],
    env: { STEWARD_SOAK: '1' },
    maxWorkers: 1,
    hookTimeout: 120_000,
  },
})
