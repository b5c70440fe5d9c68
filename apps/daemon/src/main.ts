import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'

// A daemon rests most of its life: its heap should stay near what is used, not grow with what was. Costs no speed that can be measured.
setFlagsFromString('--optimize-for-size')
// For a start without the launcher, which says the same by NODE_COMPILE_CACHE. Hence nothing else is imported before this line.
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/steward', import.meta.url)))
const { runDaemon } = await import('./run-daemon.ts')
await runDaemon()
