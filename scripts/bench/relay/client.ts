import { randomUUID } from 'node:crypto'
import http from 'node:http'
import https from 'node:https'
import { newAccount, signedChallenge } from '@steward/testkit/relay'
import { openSocket, type LoadSocket } from './socket.ts'

export interface Api {
  /** Throws for any status but 2xx, with what the server said. */
  post<T>(path: string, body: unknown): Promise<T>
  close(): void
}
/** Requests on at most so many kept connections. Node's own client, with nothing around it. */
export function openApi(url: string, token: string | undefined, connections: number): Api {
  const { request, Agent } = url.startsWith('https:') ? https : http
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const { hostname, port, protocol } = new URL(url)
  const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
  return {
    post: <T>(path: string, body: unknown) =>
      new Promise<T>((resolve, reject) => {
        const text = JSON.stringify(body)
        const length = { 'content-length': Buffer.byteLength(text) }
        const outgoing = request({ agent, hostname, port, protocol, method: 'POST', path, headers: { ...headers, ...length } }, (answer) => {
          let said = ''
          answer.setEncoding('utf8').on('data', (piece: string) => (said += piece))
          answer.on('error', reject)
          answer.on('end', () => {
            const { statusCode = 0 } = answer
            if (statusCode >= 200 && statusCode < 300) resolve(JSON.parse(said) as T)
            else reject(new Error(`POST ${path} was answered ${statusCode}: ${said.slice(0, 300)}`))
          })
        })
        outgoing.on('error', reject)
        outgoing.end(text)
      }),
    close: () => agent.destroy(),
  }
}
/** An account at a relay, with a client of so many connections. */
export interface Account extends Disposable {
  readonly api: Api
  readonly token: string
  /** A new session's id. */
  session(): Promise<string>
  socket(handshake?: Readonly<Record<string, unknown>>, at?: string): Promise<LoadSocket>
}
/** Logs a new account in, or comes with the token that was given. What it opens is closed with it. */
export async function enter({ url, token: given }: { readonly url: string; readonly token?: string }, connections = 16): Promise<Account> {
  const token = given ?? (await login(url))
  const api = openApi(url, token, connections)
  const sockets: LoadSocket[] = []
  return {
    api,
    token,
    async session() {
      const tag = `bench-${Date.now()}-${Math.random()}`
      const { session } = await api.post<{ session: { id: string } }>('/v1/sessions', { tag, metadata: 'c2VhbGVk' })
      return session.id
    },
    async socket(handshake = {}, at = url) {
      const socket = await openSocket(at, { token, handshake })
      sockets.push(socket)
      return socket
    },
    [Symbol.dispose]() {
      for (const socket of sockets) socket.close()
      api.close()
    },
  }
}
/** The token of a new account. */
export async function login(url: string): Promise<string> {
  const api = openApi(url, undefined, 1)
  const { token } = await api.post<{ token: string }>('/v1/auth', signedChallenge(newAccount())).finally(api.close)
  return token
}
/** 1 KiB, as sealed messages are: base64. */
const content = 'q'.repeat(1024)
export const messages = (count: number): { content: string; localId: string }[] =>
  Array.from({ length: count }, () => ({ content, localId: randomUUID() }))
export const pathOf = (session: string): string => `/v3/sessions/${session}/messages`
