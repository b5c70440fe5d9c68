import { defineConfig } from 'vitest/config'
import { settings } from '../vitest.config.ts'

// `npm run test:gateway`: the stories that speak HTTP, SSE, WebSocket and MCP, and those of who may come in, all through a gateway before the daemon.
export default defineConfig({
  test: {
    ...settings,
    include: [
      'apps/daemon/test/stories/{decisions,example-flow,execute,execute-socket,files,mcp-host,resume}.test.ts',
      'apps/daemon/test/security/{addresses,credentials,logins,mcp,tokens}.test.ts',
    ],
    env: { STEWARD_TEST_DOOR: 'gateway' },
  },
})
