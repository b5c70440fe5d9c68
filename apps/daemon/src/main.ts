import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// For a start without the launcher, which says the same by NODE_COMPILE_CACHE. Hence nothing else is imported before this line.
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/steward', import.meta.url)))
const { runDaemon } = await import('./run-daemon.ts')
await runDaemon()
