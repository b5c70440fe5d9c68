import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createFetchSender, createWebSocketSender } from '@steward/client'
import { createIpcSender } from '@steward/client/node'
import { createHttp, serveWebSockets, type HttpOptions } from '../src/http.ts'
import { serveIpc, type IpcOptions } from '../src/ipc.ts'
import { contract, createNotebook, ownerToken, type Notebook } from './notes.ts'

/** Serves a notebook through HTTP, WebSocket and IPC. */
export async function serveNotebook(
  changes: Partial<HttpOptions> & Partial<Pick<IpcOptions, 'helloLimitMs' | 'delegates' | 'sockets' | 'protocol'>> & { pingMs?: number } = {},
  notebook: Notebook = createNotebook(),
  port = 0,
  at?: string,
) {
  const folder = at ?? (await mkdtemp(path.join(tmpdir(), 'notes-')))
  const options: HttpOptions = {
    contract,
    ...notebook,
    version: '1.2.3',
    hosts: () => ['steward.example'],
    origins: () => ['https://console.example'],
    maxBodyBytes: () => 1_000_000,
    maxUploadBytes: () => 3_000_000,
    ready: async () => ({ ok: true, checks: { notes: true } }),
    streams: [
      { path: '/v1/sessions/{sessionId}/events', summary: 'Events of one book.' },
      { path: '/v1/events', summary: 'All events.' },
    ],
    aliases: { '/notes': '/v1/notes' },
    report: (error) => void notebook.reports.push(error),
    ...changes,
  }
  const app = createHttp(options)
  serveWebSockets(app, { ...options, ...(changes.pingMs ? { pingMs: changes.pingMs } : {}) })
  const url = await app.listen({ host: '127.0.0.1', port })
  const socket = path.join(folder, 's')
  const { protocol = 1, helloLimitMs, delegates, sockets } = changes
  const more = { ...(helloLimitMs ? { helloLimitMs } : {}), ...(delegates ? { delegates } : {}), ...(sockets ? { sockets } : {}) }
  const ipc = await serveIpc({ ...options, authenticator: notebook.authenticator, path: socket, protocol, ...more })
  return {
    ...notebook,
    app,
    url,
    socket,
    folder,
    async close() {
      await Promise.all([app.close(), ipc.close()])
      if (at === undefined) await rm(folder, { recursive: true, force: true })
    },
  }
}
const pace = { firstMs: 1, mostMs: 20, patienceMs: 5_000 }
export const senders = {
  http: (url: string, _socket: string, token = ownerToken) => createFetchSender({ url, token, contract, pace }),
  ws: (url: string, _socket: string, token = ownerToken) => createWebSocketSender({ url, token, contract, pace }),
  ipc: (_url: string, socket: string, token = ownerToken) => createIpcSender({ socket, token, contract, pace }),
}
