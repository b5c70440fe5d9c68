import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { WireEvent } from '@steward/contract'
import { createClient, createFetchSender, type Client } from '@steward/client'
import { createIpcSender } from '@steward/client/node'
import { createWireServer, type Script, type Turn, type WireServer } from '@steward/testkit'
import { serve, type Served } from '../src/serve.ts'
import type { AppOptions } from '../src/app-types.ts'
import { startGateway } from './gateway.ts'

export interface TestDaemonOptions {
  /** What the scripted model answers, over the true wire format of the Anthropic Messages API. */
  readonly turns?: readonly Turn[] | Script
  /** How the vendor's embedding models see texts; without it there are none. */
  readonly embed?: (text: string) => readonly number[]
  readonly env?: Readonly<Record<string, string>>
  readonly sync?: AppOptions['sync']
  /** A data folder of an earlier daemon; it is not removed. */
  readonly home?: string
  readonly workspace?: string
  /** Manifests that lie in the folder of apps before the start, by the names of their files. */
  readonly manifests?: Readonly<Record<string, unknown>>
  readonly http?: boolean
  readonly stallLimitMs?: number
}
export interface TestDaemon extends AsyncDisposable {
  readonly home: string
  readonly workspace: string
  /** The folder of manifests. */
  readonly apps: string
  /** The folder of skills. */
  readonly skills: string
  readonly url: string
  readonly token: string
  readonly client: Client
  readonly wire: WireServer
  readonly served: Served
  readonly logs: string[]
  /** One request with the owner's token, or with what `init` says. */
  fetch(route: string, init?: RequestInit): Promise<Response>
  /** JSON in, status and JSON out. */
  ask(method: string, route: string, body?: unknown, headers?: Record<string, string>): Promise<{ status: number; body: any }>
  /** A client over the Unix socket. */
  ipc(): Promise<Client>
  /** Sends a message and waits for its run's end; returns the run. */
  say(sessionId: string, text: string): Promise<any>
  /** Resolves with the run when it has this status, or any final one. */
  runUntil(runId: string, status?: string): Promise<any>
  /** Every durable event of a session. */
  events(sessionId: string): Promise<WireEvent[]>
  /** Stops the daemon and starts it again on the same data. */
  restart(options?: Partial<TestDaemonOptions>): Promise<TestDaemon>
  stop(): Promise<void>
}
/** `STEWARD_TEST_DOOR=gateway` lets every story that speaks HTTP come through a gateway. */
const throughGateway = process.env['STEWARD_TEST_DOOR'] === 'gateway'
const final = new Set(['completed', 'failed', 'cancelled', 'interrupted'])
export const model = 'anthropic/wire-1'

/** A whole daemon in this process: real databases, doors and children in a temporary data folder; only the model's vendor is stood in for. */
export async function startDaemon(options: TestDaemonOptions = {}): Promise<TestDaemon> {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'steward-test-')))
  const wire = await createWireServer({ turns: options.turns ?? [], ...(options.embed ? { embed: options.embed } : {}) })
  const home = options.home ?? path.join(root, 'home')
  const workspace = options.workspace ?? path.join(root, 'workspace')
  mkdirSync(workspace, { recursive: true })
  for (const [name, manifest] of Object.entries(options.manifests ?? {})) writeManifest(path.join(root, 'apps'), name, manifest)
  return startOn(root, home, workspace, wire, options)
}
/** Puts a manifest into a folder: JSON, or text as it is. */
export function writeManifest(folder: string, name: string, manifest: unknown): string {
  const file = path.join(folder, `${name}.app.json`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, typeof manifest === 'string' ? manifest : JSON.stringify(manifest, null, 2))
  return file
}
async function startOn(root: string, home: string, workspace: string, wire: WireServer, options: TestDaemonOptions): Promise<TestDaemon> {
  const logs: string[] = []
  const env = {
    HOME: process.env['HOME'] ?? '/root',
    PATH: process.env['PATH'] ?? '',
    ANTHROPIC_API_KEY: 'sk-wire-key-for-tests-0001',
    ANTHROPIC_BASE_URL: wire.url,
    STEWARD_WORKSPACE_ROOT: workspace,
    STEWARD_APPS_FOLDER: path.join(root, 'apps'),
    STEWARD_SKILLS_PATH: path.join(root, 'skills'),
    ...options.env,
  }
  const served = await serve({
    home,
    env,
    http: options.http === false ? null : { host: '127.0.0.1', port: 0 },
    logTo: (line) => void logs.push(line),
    ...(options.sync ? { sync: options.sync } : {}),
    ...(options.stallLimitMs ? { stallLimitMs: options.stallLimitMs } : {}),
  })
  const gateway = throughGateway && served.url !== null ? await startGateway(home) : undefined
  const url = gateway?.url ?? served.url ?? ''
  const token = readFileSync(path.join(home, 'run', 'token'), 'utf8').trim()
  const client =
    options.http === false ? createClient(createIpcSender({ socket: served.socket, token })) : createClient(createFetchSender({ url, token }))
  const others: Client[] = []
  const authorised = { authorization: `Bearer ${token}` }
  const daemon: TestDaemon = {
    home,
    workspace,
    apps: env.STEWARD_APPS_FOLDER,
    skills: env.STEWARD_SKILLS_PATH,
    url,
    token,
    client,
    wire,
    served,
    logs,
    fetch: (route, init = {}) => fetch(`${url}${route}`, { ...init, headers: { ...authorised, ...(init.headers as Record<string, string>) } }),
    async ask(method, route, body, headers = {}) {
      const response = await fetch(`${url}${route}`, {
        method,
        headers: { ...authorised, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, body: text === '' ? null : JSON.parse(text) }
    },
    async ipc() {
      const made = createClient(createIpcSender({ socket: served.socket, token }))
      others.push(made)
      return made
    },
    async say(sessionId, text) {
      const { runId } = await client.messages.send({ sessionId, text })
      return daemon.runUntil(runId)
    },
    async runUntil(runId, status) {
      const run = await client.runs.get({ id: runId })
      const done = (at: string) => (status === undefined ? final.has(at) : at === status || final.has(at))
      if (done(run.status)) return run
      const end = AbortSignal.timeout(20_000)
      for await (const item of client.follow({ sessionId: run.sessionId, names: ['status'] }, end)) {
        if ('event' in item && item.event.runId === runId && done((item.event.data as { status: string }).status))
          return client.runs.get({ id: runId })
      }
      throw new Error(
        `The run ${runId} is still ${(await client.runs.get({ id: runId })).status} after 20 s; it should be ${status ?? 'at its end'}.`,
      )
    },
    async events(sessionId) {
      const found: WireEvent[] = []
      for (let cursor: string | undefined; ;) {
        const page = await client.events.list({ log: 'chat', sessionId, limit: 200, ...(cursor === undefined ? {} : { cursor }) })
        found.push(...(page.items as WireEvent[]))
        if (page.nextCursor === null) return found
        cursor = page.nextCursor
      }
    },
    async restart(more = {}) {
      await daemon.stop()
      return startOn(root, home, workspace, wire, { ...options, ...more })
    },
    async stop() {
      for (const other of [client, ...others]) await other.close()
      await gateway?.[Symbol.asyncDispose]()
      await served.stop()
    },
    async [Symbol.asyncDispose]() {
      await daemon.stop()
      await wire.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
  return daemon
}
