import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient, type Client } from '@steward/client'
import { createIpcSender } from '@steward/client/node'
import { spawnLines, type Turn } from '@steward/testkit'

export const root = fileURLToPath(new URL('../../', import.meta.url))
const daemonProgram = path.join(root, 'apps/daemon/src/main.ts')
const wireProgram = path.join(root, 'packages/testkit/src/wire-server-main.ts')

/** A temporary folder, a daemon on it and, where turns are given, a model's vendor on the loopback: each a process of its own. */
export interface Place extends AsyncDisposable {
  readonly folder: string
  readonly home: string
  readonly workspace: string
  readonly url: string
  readonly socket: string
  readonly token: string
  readonly pid: number
  /** Address of the wire server; empty without turns. */
  readonly wireUrl: string
  /** A new client over the Unix socket. */
  ipc(): Client
}
export interface PlaceOptions {
  readonly turns?: readonly Turn[]
  /** A prepared data folder; else a new one. */
  readonly folder?: string
  /** Whether the folder stays when they end. */
  readonly keep?: boolean
  /** Another program than the daemon's own, which speaks to its starter as the daemon does. */
  readonly program?: string
  /** Is handed the program's process. */
  readonly begun?: (child: ChildProcess) => void
}
export const temporaryFolder = (): string => realpathSync(mkdtempSync(path.join(tmpdir(), 'steward-bench-')))

/** Starts them. Disposing ends them and removes the folder. Throws with the daemon's own words when it cannot start. */
export async function startPlace({
  turns,
  folder = temporaryFolder(),
  keep = false,
  program = daemonProgram,
  begun,
}: PlaceOptions = {}): Promise<Place> {
  const home = path.join(folder, 'home')
  const workspace = path.join(folder, 'workspace')
  mkdirSync(workspace, { recursive: true })
  const wire = turns === undefined ? undefined : await startWire(folder, turns)
  const env = { ...process.env, ...envOf(wire?.url ?? 'http://127.0.0.1:9', workspace) }
  const child = owned(spawn(process.execPath, [program, '--home', home, '--port', '0'], { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] }))
  const ready = await readyOf(child)
  begun?.(child)
  const token = readFileSync(path.join(home, 'run', 'token'), 'utf8').trim()
  const clients: Client[] = []
  return {
    folder,
    home,
    workspace,
    token,
    wireUrl: wire?.url ?? '',
    ...ready,
    ipc() {
      const client = createClient(createIpcSender({ socket: ready.socket, token }))
      clients.push(client)
      return client
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) await client.close()
      await endOf(child)
      if (wire) await endOf(wire.child)
      if (!keep) rmSync(folder, { recursive: true, force: true })
    },
  }
}
/** What a daemon needs to see the wire server as its vendor. */
export const envOf = (wireUrl: string, workspace: string): Record<string, string> => ({
  ANTHROPIC_API_KEY: 'sk-wire-key-for-the-benchmark',
  ANTHROPIC_BASE_URL: wireUrl,
  STEWARD_WORKSPACE_ROOT: workspace,
})
/** A child that ends with this process, also when its measurement is given up. */
export function owned<C extends ChildProcess>(child: C): C {
  const end = () => void child.kill()
  process.once('exit', end)
  child.once('exit', () => process.off('exit', end))
  return child
}
/** SIGTERM, and the end of the process. Answers how long that took, in milliseconds. */
export async function endOf(child: ChildProcess): Promise<number> {
  const from = performance.now()
  if (child.exitCode !== null || child.signalCode !== null) return 0
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  await gone
  return performance.now() - from
}
async function startWire(folder: string, turns: readonly Turn[]): Promise<{ url: string; child: ChildProcess }> {
  const file = path.join(folder, 'turns.json')
  writeFileSync(file, JSON.stringify(turns))
  const child = owned(spawn(process.execPath, [wireProgram, file], { stdio: ['ignore', 'pipe', 'inherit'] }))
  const [url] = await spawnLines(child).line(/^http:\S+$/)
  return { url, child }
}
async function readyOf(child: ChildProcess): Promise<{ url: string; socket: string; pid: number }> {
  const output = spawnLines(child)
  const said = await Promise.race([once(child, 'message'), output.exited.then(() => undefined)])
  const message = said?.[0] as { type: string; url: string; socket: string; pid: number; message?: string } | undefined
  if (message?.type !== 'ready') throw new Error(`The daemon did not start: ${message?.message ?? output.text()}`)
  return { url: message.url, socket: message.socket, pid: message.pid }
}
