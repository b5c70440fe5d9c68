import { defineConfig } from 'vitest/config'
import { settings } from '../vitest.config.ts'

// `npm run chaos`: three nodes of the relay through ten minutes of faults, of which the ordinary run has a cut. STEWARD_SEED repeats a run, STEWARD_CHAOS_SECONDS sets its length.
export default defineConfig({
  test: {
    ...settings,
    include: ['apps/relay/test/chaos.test.ts'],
    env: { STEWARD_CHAOS_SECONDS: process.env['STEWARD_CHAOS_SECONDS'] ?? '600' },
    maxWorkers: 1,
  },
})
