import type { LogEvent } from 'kysely'
import type { Counter, Gauge, Histogram } from 'prom-client'
import type { Watch } from '../watch.ts'
import { clientTypeOf, methodLabel, rpcLabel } from './labels.ts'

/** What is asked for when the metrics are, and not before. */
export interface MetricSources {
  /** Rows by table. */
  records(): Promise<Readonly<Record<string, number>>>
  activeSessions(): Promise<number>
  /** Hints to other nodes that were not sent. */
  busDropped(): number
}
export interface Metrics {
  readonly watch: Watch
  readonly contentType: string
  /** From now on the counts of the sources are told too. */
  sources(sources: MetricSources): void
  /** All of them in the text format of Prometheus. */
  text(): Promise<string>
}
const quick = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/**
 * The relay's metrics, by the names that dashboards of the reference server know where there is one. Labels come from closed lists and from routes, never from what a client sends. The
 * library is loaded here and not before.
 */
export async function createMetrics(): Promise<Metrics> {
  const prom = await import('prom-client')
  const registry = new prom.Registry()
  registry.setDefaultLabels({ app: 'steward-relay' })
  prom.collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const counter = <L extends string>(name: string, help: string, ...labelNames: L[]): Counter<L> =>
    new prom.Counter({ name, help, labelNames, registers })
  const gauge = <L extends string>(name: string, help: string, ...labelNames: L[]) => new prom.Gauge({ name, help, labelNames, registers })
  const seconds = <L extends string>(name: string, help: string, ...labelNames: L[]): Histogram<L> =>
    new prom.Histogram({ name, help, labelNames, buckets: quick, registers })

  const requests = counter('http_requests_total', 'HTTP requests', 'method', 'route', 'status', 'client_type')
  const latency = seconds('http_request_duration_seconds', 'How long HTTP requests took', 'method', 'route', 'status', 'client_type')
  const sockets = gauge('websocket_connections_total', 'Sockets that are connected now', 'type')
  const events = counter('websocket_events_total', 'Events that sockets sent', 'event_type')
  const eventLatency = seconds('websocket_event_duration_seconds', 'How long events took to be answered', 'event_type')
  const drops = counter('websocket_dropped_total', 'Sockets that the relay ended', 'reason')
  const behind = gauge('websocket_readers_behind', 'Sockets that cannot keep up and read the log for themselves')
  const alive = {
    'session-alive': counter('session_alive_events_total', 'Signs of life of sessions'),
    'machine-alive': counter('machine_alive_events_total', 'Signs of life of machines'),
  }
  const rpcCalls = counter('rpc_calls_total', 'Calls from a client to a machine or session', 'method', 'result')
  const rpcLatency = seconds('rpc_call_duration_seconds', 'How long they took', 'method', 'result')
  const cache = counter('session_cache_operations_total', 'Look-ups of who may give signs of life', 'result')
  const skipped = counter('database_updates_skipped_total', 'Signs of life that were not worth a write')
  const errors = counter('errors_total', 'Requests and events that were refused, and failures inside', 'door', 'code')
  const queries = seconds('database_query_duration_seconds', 'How long queries took', 'kind', 'result')
  const delivery = seconds('change_delivery_seconds', 'From the making of a change to its telling on this node')
  const lag = gauge('redis_stream_lag_ms', 'The same, of the last change told, in milliseconds')

  const rpc = (method: string, result: string, ms: number) => {
    rpcCalls.inc({ method, result })
    rpcLatency.observe({ method, result }, ms / 1000)
  }
  return {
    contentType: registry.contentType,
    watch: {
      request({ method, route, status, ms, client }) {
        const labels = { method: methodLabel(method), route: route ?? 'none', status: String(status), client_type: clientTypeOf(client) }
        requests.inc(labels)
        latency.observe(labels, ms / 1000)
        if (status >= 400) errors.inc({ door: 'http', code: String(status) })
      },
      event({ event, ms, payload, answer, code }) {
        events.inc({ event_type: event })
        eventLatency.observe({ event_type: event }, ms / 1000)
        if (code !== undefined) errors.inc({ door: 'socket', code })
        if (event === 'session-alive' || event === 'machine-alive') alive[event].inc()
        if (event !== 'rpc-call') return
        const { method } = (payload ?? {}) as { method?: unknown }
        rpc(rpcLabel(method), (answer as { ok?: unknown } | undefined)?.ok === true ? 'success' : 'failure', ms)
      },
      socket: (type, step) => sockets.inc({ type }, step),
      dropped: (reason) => drops.inc({ reason }),
      behind: (step) => behind.inc(step),
      told(ms) {
        delivery.observe(ms / 1000)
        lag.set(ms)
      },
      query: (kind, ms, failed) => queries.observe({ kind, result: failed ? 'error' : 'ok' }, ms / 1000),
      count(what) {
        if (what === 'database_update_skipped') skipped.inc()
        else cache.inc({ result: what === 'session_cache_hit' ? 'hit' : 'miss' })
      },
      failed: () => errors.inc({ door: 'inside', code: 'internal' }),
    },
    sources({ records, activeSessions, busDropped }) {
      const asked = (name: string, help: string, read: (into: Gauge) => Promise<void> | void, labelNames: string[] = []) =>
        registry.registerMetric(
          new prom.Gauge({
            name,
            help,
            labelNames,
            registers: [],
            collect: function () {
              return read(this)
            },
          }),
        )
      const table = async (into: Gauge) => {
        for (const [name, count] of Object.entries(await records())) into.set({ table: name }, count)
      }
      asked('database_records_total', 'Rows by table; of messages, the numbers given out in the sessions that are', table, ['table'])
      asked('sessions_active', 'Sessions that give signs of life', async (into) => into.set(await activeSessions()))
      asked('bus_hints_dropped_total', 'Hints to other nodes that were not sent; those nodes find the changes by themselves', (into) =>
        into.set(busDropped()),
      )
    },
    text: () => registry.metrics(),
  }
}
/** The duration of a query, by its kind: never its text or its values. */
export const watchQueries =
  (watch: Pick<Watch, 'query'>) =>
  ({ level, query, queryDurationMillis }: LogEvent): void =>
    watch.query(query.query.kind.replace(/(Query)?Node$/, '').toLowerCase(), queryDurationMillis, level === 'error')
