import { createHash } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import path from 'node:path'
import { Fault } from '@steward/contract'
import { operations, protocol } from '@steward/contract/daemon'
import { serveFirstFrame, serveFrameSocket, serveIpc } from '@steward/kernel/ipc'
import type { App } from './app-types.ts'
import { delegatesOf } from './door-notices.ts'
import { createBegin } from './execute-socket.ts'
import { lendingOutcomes } from './lend-outcomes.ts'
import { traceCalls } from './traced-call.ts'

const longestPath = 100
/** Where the socket of a data folder lies: in it, or, where that path is too long for the system, in a short private folder. */
function socketPath(home: string): string {
  const short = createHash('sha256').update(home).digest('hex').slice(0, 16)
  if (process.platform === 'win32') return `\\\\.\\pipe\\steward-${short}`
  const own = path.join(home, 'run', 'steward.sock')
  return Buffer.byteLength(own) <= longestPath ? own : path.join(tmpdir(), `steward-${userInfo().uid}`, `${short}.sock`)
}
/** Opens the Unix socket (0600 in a 0700 folder). A stale one is removed: the lock is held, so nobody answers on it. */
export async function openIpc(app: App, home: string, stallLimitMs?: number): Promise<{ path: string; close(): Promise<void> }> {
  const socket = socketPath(home)
  if (process.platform !== 'win32') {
    const folder = path.dirname(socket)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const facts = lstatSync(folder)
    if (!facts.isDirectory() || facts.uid !== userInfo().uid)
      throw new Fault('unavailable', `The folder ${folder} belongs to somebody else; the socket cannot be put there.`)
    chmodSync(folder, 0o700)
    rmSync(socket, { force: true })
  }
  const options = {
    contract: operations,
    call: traceCalls(lendingOutcomes(app.call), app.log.of('ipc')),
    feed: app.feed,
    authenticator: app.authenticator,
    maxUploadBytes: () => app.setting('files.maxBytes'),
    ...(stallLimitMs === undefined ? {} : { stallLimitMs }),
    report: (error: unknown, requestId: string) => app.log.reporter('ipc')(error, { requestId }),
  }
  const server = await serveIpc({
    ...options,
    path: socket,
    protocol,
    delegates: delegatesOf(app),
    sockets: { '/v1/ws': serveFrameSocket(options), '/v1/execute': serveFirstFrame(options, createBegin(app)) },
  })
  app.log.of('ipc').info({ socket }, 'The socket is served.')
  return { path: socket, close: () => server.close() }
}
