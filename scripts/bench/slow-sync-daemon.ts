/** The daemon with a disk that takes 5 ms more for each sync, and a watch on its event loop. Says `{p99Ms}` to whoever sends `measured`. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify, parseArgs } from 'node:util'
import { fdatasync } from 'node:fs'
import { serve } from '@steward/daemon'

const sync = promisify(fdatasync)
const { values } = parseArgs({ options: { home: { type: 'string', default: '' }, port: { type: 'string' } } })
const served = await serve({
  home: values.home,
  http: null,
  sync: async (fd) => {
    await Promise.all([sync(fd), pause(5)])
  },
})
const delays = monitorEventLoopDelay({ resolution: 1 })
process.on('message', (wanted) => {
  if (wanted === 'measure') {
    delays.reset()
    delays.enable()
  } else {
    delays.disable()
    process.send?.({ p99Ms: delays.percentile(99) / 1e6 })
  }
})
process.on('SIGTERM', () => void served.stop().then(() => process.exit(0)))
process.send?.({ type: 'ready', url: served.url, socket: served.socket, pid: process.pid })
