import { spawn, type ChildProcess } from 'node:child_process'
import { connect } from 'node:net'
import { freePort, until } from '@steward/testkit'

/** A throw-away Redis of this host on a port of its own. */
export async function startRedis() {
  const port = await freePort()
  const start = async (): Promise<ChildProcess> => {
    const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], { stdio: 'ignore', cwd: '/tmp' })
    await until(() => answers(port), { what: 'redis-server' })
    return child
  }
  let child = await start()
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    pause: async () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    kill,
    async restart() {
      await kill()
      child = await start()
    },
    [Symbol.asyncDispose]: kill,
  }
}
const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end('PING\r\n'))
    socket.once('data', () => resolve(true)).once('error', () => resolve(false))
  })
