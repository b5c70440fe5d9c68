import type { RelayConfig } from './config.ts'
import { countActive, countRecords } from './platform/counts.ts'
import type { Database } from './platform/database.ts'
import type { Log } from './platform/log.ts'
import { createMetrics, type Metrics } from './platform/metrics.ts'
import { blind, type Watch } from './watch.ts'

/** Counting is work for the database; so old may a count be. */
const countsLastMs = 30_000

/** Watches the relay: for its log, where there is one, and for its metrics, where they have a port. */
export async function openWatch(config: RelayConfig, log: Log | undefined, report: (error: unknown, what: string) => void) {
  const metrics = config.metricsPort === undefined ? undefined : await createMetrics()
  const counted = metrics?.watch ?? blind
  const watch: Watch = log === undefined ? counted : { ...counted, ...inLog(log, counted) }
  return {
    watch,
    counting: metrics !== undefined,
    /** Serves the metrics, with what is counted in the database. Answers where. */
    async serve(database: Database, bus: { dropped(): number }) {
      const { metricsPort: port, metricsHost: host } = config
      if (metrics === undefined || port === undefined) return undefined
      const told = (error: unknown) => report(error, 'metrics')
      addSources(metrics, database, bus, told)
      // Loaded here: an import of `node:http` by a module loads all of the built-in `fetch`, 4 MB and a tenth of the start.
      const { serveMetrics } = await import('./doors/metrics.ts')
      return serveMetrics(metrics, { host, port }, told)
    },
  }
}
/** Refused requests are told of at `info`, those that are answered at `debug`: the log of a busy relay would hold nothing else. */
function inLog(log: Log, counted: Watch): Pick<Watch, 'request' | 'event' | 'dropped'> {
  return {
    request(seen) {
      counted.request(seen)
      const { requestId, operation, method, route, status, ms } = seen
      const level = status >= 500 ? 'error' : status >= 400 ? 'info' : 'debug'
      if (log.isLevelEnabled(level))
        log[level]({ requestId, operation: operation ?? `${method} ${route ?? 'unknown route'}`, status, ms: rounded(ms) }, 'request')
    },
    event(seen) {
      counted.event(seen)
      const { event, ms, code } = seen
      const level = code === 'internal' ? 'error' : code === undefined ? 'debug' : 'info'
      if (log.isLevelEnabled(level)) log[level]({ event, ...(code === undefined ? {} : { code }), ms: rounded(ms) }, 'event')
    },
    dropped(reason) {
      counted.dropped(reason)
      log.info({ reason }, 'socket ended')
    },
  }
}
const rounded = (ms: number) => Math.round(ms * 100) / 100

function addSources(metrics: Metrics, { queries }: Database, bus: { dropped(): number }, report: (error: unknown) => void): void {
  metrics.sources({
    records: remembered<Readonly<Record<string, number>>>(() => countRecords(queries), {}, report),
    activeSessions: remembered(() => countActive(queries), 0, report),
    busDropped: () => bus.dropped(),
  })
}
/** Reads again when the last reading is old; where that fails the last one stays. */
function remembered<T>(read: () => Promise<T>, none: NoInfer<T>, report: (error: unknown) => void): () => Promise<T> {
  let value = none
  let readAt = -Infinity
  return async () => {
    const now = performance.now()
    if (now - readAt < countsLastMs) return value
    readAt = now
    try {
      value = await read()
    } catch (error) {
      report(error)
    }
    return value
  }
}
