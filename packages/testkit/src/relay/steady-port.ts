import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

const taken = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(true))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)))
  })
/**
 * A TCP port on 127.0.0.1, free a moment ago and outside the range that systems draw outgoing ports from. A server that goes down and comes back
 * on its port needs such a one: a client that keeps dialling a port of that range is in the end connected with itself, and holds the port.
 */
export async function steadyPort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = randomInt(15_000, 32_000)
    if (!(await taken(port))) return port
  }
  throw new Error('There is no free port between 15000 and 32000.')
}
