import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { Fault } from '@steward/contract'

interface Told {
  readonly contentType: string
  text(): Promise<string>
}
/** Serves `/metrics` on a port of its own, since who may read it is another matter than who may use the relay. Throws Fault `conflict` where the port is taken. */
export async function serveMetrics(metrics: Told, { host, port }: { host: string; port: number }, report: (error: unknown) => void) {
  const server = createServer((request, response) => {
    if (request.url?.split('?', 1)[0] !== '/metrics' || request.method !== 'GET') return void response.writeHead(404).end()
    metrics.text().then(
      (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      (error: unknown) => {
        report(error)
        response.writeHead(503).end()
      },
    )
  })
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new Fault('conflict', `The port ${port} for the metrics is taken; name another with --metrics-port.`, undefined, { cause: error })
  }
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}/metrics`,
    close: () => {
      server.closeAllConnections()
      return new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
