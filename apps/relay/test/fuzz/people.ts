import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { connectSocket, http, login, newAccount } from '@steward/testkit/relay'
import type { Child } from './child.ts'

interface Ids {
  readonly session: string
  readonly machine: string
  readonly artifact: string
}
const things = { metadata: 'sealed', daemonState: 'sealed' }
/** An account of the relay with one of each thing. */
async function createPerson(url: string) {
  const account = newAccount()
  const own = { tag: randomUUID(), machine: randomUUID(), artifact: randomUUID() }
  const token = await login(url, account)
  /** Answers the status of a refusal in place of what it has made. */
  const furnish = async (bearer: string): Promise<Ids | number> => {
    using api = http(url, bearer)
    const make = () => api.post<{ session: { id: string } }>('/v1/sessions', { tag: own.tag, metadata: 'sealed' })
    let made = await make()
    // What was sent with this account may have been more than it may send.
    for (const end = performance.now() + 60_000; made.status === 429 && performance.now() < end; await delay(500)) made = await make()
    if (made.status !== 200) return made.status
    await api.post('/v1/machines', { id: own.machine, ...things })
    await api.post('/v1/artifacts', { id: own.artifact, header: 'aA==', body: 'Yg==', dataEncryptionKey: 'aw==' })
    return { session: made.body.session.id, machine: own.machine, artifact: own.artifact }
  }
  const begin = async (): Promise<Ids> => {
    const ids = await furnish(token)
    if (typeof ids === 'number') throw new Error(`A new account's session was answered ${ids}.`)
    return ids
  }
  return { account, token, furnish, ids: await begin() }
}
/** An account that hostile input is sent with: what was deleted, or ended, is made anew. */
export async function createSender(url: string) {
  const person = await createPerson(url)
  let { token, ids } = person
  return {
    token: () => token,
    ids: () => ids,
    async mend() {
      let made = await person.furnish(token)
      // A request that was cut short may end the login, or the account, after its sender has gone.
      for (let tries = 0; made === 401 && tries < 5; tries++) made = await person.furnish((token = await login(url, person.account)))
      if (typeof made === 'number') throw new Error(`The session of an account that was ended was answered ${made} after a new login.`)
      ids = made
    },
  }
}
export type Sender = Awaited<ReturnType<typeof createSender>>

/** An account that does nothing at all while others send what they will. `expectUntouched` throws when it has heard or lost anything. */
export async function createVictim(url: string) {
  const { token, ids } = await createPerson(url)
  const api = http(url, token)
  const watchers = [
    await connectSocket(url, { token }),
    await connectSocket(url, { token, clientType: 'session-scoped', sessionId: ids.session }),
    await connectSocket(url, { token, clientType: 'machine-scoped', machineId: ids.machine }),
  ]
  const [, , daemon] = watchers
  await daemon?.serve(`${ids.machine}:bash`, (params) => params)
  await daemon?.call('stream-listen', {})
  const heard: string[] = []
  for (const { socket } of watchers) socket.onAny((event: string, said: unknown) => void heard.push(`${event} ${JSON.stringify(said)}`))
  const view = async () => {
    const paths = ['/v1/changes', `/v1/sessions/${ids.session}`, `/v3/sessions/${ids.session}/messages`, `/v1/machines`, `/v1/artifacts`, '/v1/kv']
    return JSON.stringify(await Promise.all(paths.map(async (path) => (await api.get(path)).body)))
  }
  await Promise.all(watchers.map(({ call }) => call('ping', {})))
  heard.length = 0
  const before = await view()
  return {
    ids,
    async expectUntouched(): Promise<void> {
      for (const { call } of watchers) await call('ping', {})
      if (heard.length > 0) throw new Error(`Another account's socket heard: ${heard.join('; ').slice(0, 1_000)}`)
      const now = await view()
      if (now !== before) throw new Error(`Another account was changed: ${before}\n->\n${now}`)
    },
    close() {
      for (const watcher of watchers) watcher.close()
      api.close()
    },
  }
}
export type Victim = Awaited<ReturnType<typeof createVictim>>

/** What must hold after each batch: the relay lives and answers, nothing went wrong inside, nobody else was touched. */
export async function expectWell(child: Child, victim: Victim): Promise<void> {
  using anyone = http(child.url)
  const { status } = await anyone.get('/health')
  if (status !== 200) throw new Error(`/health is answered ${status}.`)
  const [first] = await child.reported()
  if (first !== undefined) throw new Error(`Something went wrong inside: ${first}`)
  await victim.expectUntouched()
}
