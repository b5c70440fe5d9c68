import { connect } from 'node:net'
import path from 'node:path'
import { tempDir } from '../temp-dir.ts'
import { hostServer } from './host-server.ts'
import type { HostServer } from './host-server.ts'
import { answering } from './processes.ts'
import { steadyPort } from './steady-port.ts'

export interface RedisServer extends HostServer {
  /** `redis://127.0.0.1:PORT`. It stays the same over a restart, which leaves nothing of what was stored. */
  readonly url: string
}

/** A throw-away Redis from the host's `redis-server`: own port, loopback only, nothing kept on disk. Throws with the end of its log when it does not start. */
export async function startRedis(): Promise<RedisServer> {
  const folder = await tempDir('steward-redis-')
  const port = await steadyPort()
  const settings = { port: String(port), bind: '127.0.0.1', dir: folder.path, save: '', appendonly: 'no', daemonize: 'no' }
  const program = {
    command: 'redis-server',
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    user: null,
    logFile: path.join(folder.path, 'log'),
  }
  const server = await hostServer({
    start: () => answering(program, () => answersPing(port)),
    crash: 'SIGKILL',
    remove: async () => folder[Symbol.asyncDispose](),
  })
  return { ...server, url: `redis://127.0.0.1:${port}` }
}

const answersPing = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.once('data', (data) => {
      resolve(data.toString().startsWith('+PONG'))
      socket.destroy()
    })
    socket.once('error', () => resolve(false))
    socket.once('close', () => resolve(false))
  })
