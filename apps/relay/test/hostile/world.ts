import { randomBytes, randomUUID } from 'node:crypto'
import { mutates, route, type Operation } from '@steward/contract'
import { relayOperations } from '@steward/contract/relay'
import { http, login, newAccount, signedChallenge, type Answer, startLiveKit, type HttpClient, type RelaySocket } from '@steward/testkit/relay'
import { afterAll } from 'vitest'
import type { RelayConfig } from '../../src/index.ts'
import type { TestAccount, TestRelay } from '../start.ts'

/** In all that the victim keeps. It may come before nobody else's eyes. */
export const mark = `victims-${randomUUID()}`
export const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64')
export const contract: Readonly<Record<string, Operation>> = relayOperations
export const has = (name: string): boolean => Object.hasOwn(contract, name)

/** A victim with one of everything, whose sockets of every scope, on every node, hear whatever happens to it. */
export interface World {
  readonly relay: TestRelay
  readonly victim: TestAccount
  readonly account: string
  readonly device: string
  readonly session: string
  readonly machine: string
  readonly artifact: string
  /** The end of an attachment's ref. */
  readonly file: string
  /** A voice session of its session. */
  readonly voice: string
  /** Keys that waited and that the victim has approved: as a terminal, fetched already; as a second device, not yet. */
  readonly terminal: string
  readonly tablet: string
  readonly watchers: readonly RelaySocket[]
  /** All that they have heard since the world was made, but that machines of the account come and go. */
  readonly heard: readonly unknown[]
}
/** One request of an operation: fields of its path there, the rest where the operation takes them. */
export function sendTo(
  client: HttpClient,
  name: string,
  input: Readonly<Record<string, unknown>>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const op = contract[name]!
  const { method, path } = route(op)
  const rest = { ...input }
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, field: string) => {
    const value = rest[field]
    delete rest[field]
    return encodeURIComponent(String(value).toWellFormed())
  })
  if (mutates(op) && op.bytes !== 'upload') return client.request(method, filled, { body: rest, headers })
  const query = new URLSearchParams(Object.entries(rest).map(([field, value]): [string, string] => [field, String(value)])).toString()
  const body = op.bytes === 'upload' ? { body: Buffer.from(mark) } : {}
  return client.request(method, query === '' ? filled : `${filled}?${query}`, { ...body, headers })
}
/** A client of an account that nobody has seen before. */
export async function stranger(url: string) {
  const account = newAccount()
  const token = await login(url, account)
  return { account, token, client: http(url, token) }
}
const forged = () => ({ ...signedChallenge(newAccount()) })
/** Somebody else's signature for a key. */
export const forgedFor = (publicKey: string) => ({ ...forged(), publicKey })

/** One world for the stories of a kind, made when the first of them asks for it, with all that a relay can have. */
export function oneWorld(begin: (config?: Partial<RelayConfig>) => Promise<TestRelay>, config: Partial<RelayConfig> = {}): () => Promise<World> {
  let started: Promise<World> | undefined
  const livekit = startLiveKit()
  afterAll(async () => (await livekit)[Symbol.asyncDispose]())
  const start = async () => {
    const { url, apiKey, apiSecret } = await livekit
    return createWorld(await begin({ livekitUrl: url, livekitKey: apiKey, livekitSecret: apiSecret, ...config }))
  }
  return () => (started ??= start())
}
async function createWorld(relay: TestRelay): Promise<World> {
  const victim = await relay.account()
  const { api } = victim
  const made = async (name: string, input: Record<string, unknown>) => {
    if (!has(name)) return {}
    const { status, body } = await sendTo(api, name, input)
    if (status > 299) throw new Error(`The victim cannot do ${name}: ${status} ${JSON.stringify(body)}`)
    return body as Record<string, never>
  }
  const session = ((await made('sessions.create', { tag: mark, metadata: mark, agentState: mark }))['session'] as unknown as { id: string }).id
  await made('messages.append', { sessionId: session, messages: [{ content: mark, localId: mark }] })
  const machine = randomUUID()
  await made('machines.create', { id: machine, metadata: mark, daemonState: mark })
  const artifact = randomUUID()
  const sealed = base64(mark)
  await made('artifacts.create', { id: artifact, header: sealed, body: sealed, dataEncryptionKey: sealed, sessionId: session })
  await made('accessKeys.create', { sessionId: session, machineId: machine, data: mark })
  await made('kv.mutate', { mutations: [{ key: mark, value: sealed, version: -1 }] })
  await made('account.saveSettings', { settings: mark, expectedVersion: 0 })
  await made('pushTokens.add', { token: mark })
  await made('vendors.register', { vendor: 'openai', token: mark })
  await made('usage.report', { key: mark, sessionId: session, tokens: { total: 1 }, cost: { total: 1 } })
  const upload = await made('attachments.requestUpload', { sessionId: session, filename: 'a', size: mark.length })
  const file =
    String(upload['ref'] ?? '')
      .split('/')
      .at(-1) ?? ''
  await made('attachments.put', { sessionId: session, file })
  const voice = (await made('voice.create', { sessionId: session }))['session'] as { id: string } | undefined
  const [terminal, tablet] = [base64(randomBytes(32)), base64(randomBytes(32))]
  await made('auth.request', { publicKey: terminal })
  await made('auth.respond', { publicKey: terminal, response: sealed })
  await made('auth.request', { publicKey: terminal })
  await made('auth.linkRequest', { publicKey: tablet })
  await made('auth.linkRespond', { publicKey: tablet, response: sealed })
  const me = (await api.get<{ id: string; deviceId: string }>('/v1/auth/me')).body
  const scopes = [{}, { clientType: 'session-scoped', sessionId: session }, { clientType: 'machine-scoped', machineId: machine }] as const
  const watchers: RelaySocket[] = []
  for (const scope of scopes) watchers.push(await victim.socket(scope), await victim.socketElsewhere(scope))
  // What their own coming tells them has come.
  for (const watcher of watchers) await watcher.call('ping', {})
  for (const { socket } of watchers) socket.emit('rpc-register', { method: `${machine}:bash` })
  for (const watcher of watchers) await watcher.call('ping', {})
  const heard: unknown[] = []
  const isOwn = (event: string, said: unknown) =>
    /^rpc-(un)?registered$/.test(event) || (said as { type?: string } | undefined)?.type === 'machine-activity'
  for (const { socket } of watchers) socket.onAny((event: string, said: unknown) => isOwn(event, said) || heard.push([event, said]))
  return {
    voice: voice?.id ?? '',
    heard,
    relay,
    victim,
    account: me.id,
    device: me.deviceId,
    session,
    machine,
    artifact,
    file,
    terminal,
    tablet,
    watchers,
  }
}
