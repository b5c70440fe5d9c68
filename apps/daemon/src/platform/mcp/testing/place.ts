import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { schemaCheck } from '../../../engine/json-schema.ts'
import { until } from '@steward/testkit'
import type { Tool, ToolContext } from '../../../tools/tool.ts'
import { findMarked, homeMark } from '../../processes/marked.ts'
import { createProcesses } from '../../processes/processes.ts'
import { makePlaces, modes } from '../../processes/testing/places.ts'
import { connectMcp } from '../connection.ts'
import { mcpLimits } from '../types.ts'
import type { McpAppConfig, McpConnection, McpLimits, McpPorts, McpServer, McpState, OAuthState } from '../types.ts'

/** The sandbox that this host has, for servers that run in it. */
export const sandboxed = modes.includes('bubblewrap')
const require = createRequire(import.meta.url)
export const everythingMain = require.resolve('@modelcontextprotocol/server-everything/dist/index.js')
export const filesystemMain = require.resolve('@modelcontextprotocol/server-filesystem/dist/index.js')
export const hostileMain = fileURLToPath(new URL('./hostile-main.ts', import.meta.url))

/** Places with their processes, and connections that are closed at the end of the block. */
export async function makeWorld(limits: Partial<McpLimits> = {}) {
  const at = await makePlaces()
  const processes = await createProcesses({ home: at.home, daemonId: 'd1', sandbox: sandboxed ? 'required' : 'off', allowEnv: [] })
  const connections: McpConnection[] = []
  const states = new Map<string, OAuthState>()
  const reports: string[] = []
  const lines: string[] = []
  /** The states of the first connection. */
  const history: { readonly state: McpState; readonly at: number }[] = []
  let changes = 0
  let redirect: string | null = 'http://127.0.0.1:9/callback'
  const ports: McpPorts = {
    version: '1.2.3',
    schemaCheck,
    spawn: (request, sandbox) => (sandbox ? processes.attach(request) : processes.attachBare(request)),
    tokens: { load: (id) => states.get(id), save: (id, state) => void states.set(id, JSON.parse(JSON.stringify(state)) as OAuthState) },
    redirectUrl: () => redirect,
    allowAddresses: () => [],
    changed: () => {
      changes += 1
      const state = connections[0]?.state().state
      if (state !== undefined && history.at(-1)?.state !== state) history.push({ state, at: performance.now() })
    },
    report: (error) => reports.push(error instanceof Error ? error.message : String(error)),
    log: ({ text }) => lines.push(text),
  }
  return {
    at,
    reports,
    lines,
    states,
    history,
    changes: () => changes,
    noHttp: () => (redirect = null),
    node: (file: string, args: readonly string[] = [], sandbox = sandboxed): McpServer => ({
      kind: 'stdio',
      command: process.execPath,
      args: [file, ...args],
      env: {},
      cwd: at.work,
      writable: [at.work],
      sandbox,
    }),
    connect(server: McpServer, more: Partial<McpAppConfig> = {}): McpConnection {
      const config = { id: 'demo', name: 'Demo', server, trusted: false, timeoutMs: 20_000, ...more }
      const connection = connectMcp(config, ports, { ...mcpLimits, ...limits })
      connections.push(connection)
      return connection
    },
    pids: () => findMarked(`${homeMark(at.home)}:`),
    async [Symbol.asyncDispose]() {
      await Promise.all(connections.map((each) => each.close()))
      await processes.close()
      await at[Symbol.asyncDispose]()
    },
  }
}

export const ready = (connection: McpConnection) =>
  until(() => connection.state().state === 'ready', { timeoutMs: 20_000, what: `a ready server, not ${JSON.stringify(connection.state())}` })
export const toolNamed = (connection: McpConnection, name: string): Tool => {
  const found = connection.tools().find(({ id }) => id === `${connection.id}.${name}`)
  if (!found)
    throw new Error(
      `There is no ${name} among ${connection
        .tools()
        .map(({ id }) => id)
        .join(', ')}.`,
    )
  return found
}
/** What a running call may use of its context, as far as these tools use it. */
export const context = (more: Partial<Pick<ToolContext, 'signal' | 'outputBytes' | 'progress' | 'callId'>> = {}): ToolContext =>
  ({ callId: 'call_1', signal: new AbortController().signal, outputBytes: 50_000, progress: () => undefined, ...more }) as ToolContext
