import { randomUUID } from 'node:crypto'
import * as kit from '@steward/testkit/relay'

/** A machine or a session as the phone sees it: its id, the key of its content, and what could be read with it. */
export interface Sealed {
  readonly id: string
  readonly key: Uint8Array
  readonly active: boolean
  readonly metadata: any
  /** A machine's daemon state, a session's agent state. */
  readonly state: any
}
export interface Said {
  readonly seq: number
  readonly role: string
  readonly content: any
}
export type Phone = Awaited<ReturnType<typeof createPhone>>

/** A stand-in of the phone app at the relay of `url`: a fresh account, logged in, with one user-scoped socket. It speaks the wire protocol of the existing apps. */
export async function createPhone(url: string) {
  const account = kit.newAccount()
  const content = kit.contentKeyPair(account.secret)
  const token = await kit.login(url, account)
  const client = kit.http(url, token)
  const socket = await kit.connectSocket(url, { token, clientType: 'user-scoped' }, { reconnect: true })

  const ok = <T>({ status, body }: kit.Answer<T>): T => {
    if (status !== 200) throw new Error(`The relay answered ${status}: ${JSON.stringify(body)}`)
    return body
  }
  const get = async (path: string): Promise<any> => ok(await client.get(path))
  const post = async (path: string, body: object): Promise<any> => ok(await client.post(path, body))
  const read = (of: any, state: string | null): Sealed => {
    const key = kit.openDataKey(of.dataEncryptionKey, content.secretKey)!
    return { id: of.id, key, active: of.active, metadata: kit.openPayload(of.metadata, key), state: state && kit.openPayload(state, key) }
  }
  const sessions = async (): Promise<Sealed[]> => (await get('/v1/sessions')).sessions.map((one: any) => read(one, one.agentState))

  return {
    socket,
    post,
    sessions,
    machines: async (): Promise<Sealed[]> => (await get('/v1/machines')).map((one: any) => read(one, one.daemonState)),
    session: async (id: string): Promise<Sealed> => (await sessions()).find((one) => one.id === id)!,
    /** What a session's log holds, oldest first. */
    async messages({ id, key }: Sealed): Promise<Said[]> {
      const { messages } = await get(`/v3/sessions/${id}/messages?after_seq=0&limit=500`)
      return messages.map((one: any) => ({ seq: one.seq, ...(kit.openPayload(one.content.c, key) as object) }))
    },
    /** Approves the terminal whose code it has read: `happy://terminal?` and the base64url of its public key. Gives what the relay said of it, before and then. */
    async approve(address: string) {
      const asker = Buffer.from(address.slice('happy://terminal?'.length), 'base64url')
      const publicKey = asker.toString('base64')
      const status = await get(`/v1/auth/request/status?publicKey=${encodeURIComponent(publicKey)}`)
      return { status, answer: await post('/v1/auth/response', { publicKey, response: kit.answerPairingV2(asker, account.secret) }) }
    },
    say: ({ id, key }: Sealed, text: string) =>
      post(`/v3/sessions/${id}/messages`, {
        messages: [
          { localId: randomUUID(), content: kit.sealPayload({ role: 'user', content: { type: 'text', text }, meta: { sentFrom: 'ios' } }, key) },
        ],
      }),
    /** Calls a method of a machine or a session and gives what its handler returned, `{ error }` when that threw. Throws what the relay says when it was not reached. */
    async call({ id, key }: Sealed, method: string, params: object): Promise<any> {
      const answer = await socket.call<any>('rpc-call', { method: `${id}:${method}`, params: kit.sealPayload(params, key) }, 40_000)
      if (!answer.ok) throw new Error(answer.error)
      return kit.openPayload(answer.result, key)
    },
    /** Looks again after everything that the relay tells this phone, until it sees something truthy. Throws after 20 s with what was in vain waited for. */
    sees<T>(what: string, look: () => Promise<T | false | undefined>): Promise<T> {
      return new Promise((resolve, reject) => {
        let last: unknown
        const settle = (act: () => void): void => {
          clearTimeout(timer)
          socket.socket.offAny(again).off('connect', again)
          act()
        }
        const again = async (): Promise<void> => {
          try {
            const seen = await look()
            if (seen) settle(() => resolve(seen))
          } catch (error) {
            last = error
          }
        }
        const timer = setTimeout(() => settle(() => reject(new Error(`The phone waited 20 s in vain for ${what}.`, { cause: last }))), 20_000)
        socket.socket.onAny(again).on('connect', again)
        void again()
      })
    },
    close() {
      socket.close()
      client.close()
    },
  }
}
