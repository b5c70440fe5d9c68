import { existsSync } from 'node:fs'
import path from 'node:path'
import { Fault } from '@steward/contract'
import { schemaCheck } from '../../engine/json-schema.ts'
import { expandHome } from '../../platform/files/workspace.ts'
import { connectMcp } from '../../platform/mcp/connection.ts'
import type { McpConnection, McpServer, McpState, OAuthState } from '../../platform/mcp/types.ts'
import type { AppDeps } from './ports.ts'
import type { AppRecord, ServerSent } from './store.ts'

/** The name under which the state of an app's login is kept. */
const loginName = (id: string) => `${id}.$login`
const secretForm = /\{\{\s*secrets\.([A-Za-z][A-Za-z0-9_-]{0,59})\s*\}\}/g
/** The names of the app's secrets that a server's environment or headers read. */
export const secretsOf = ({ server }: Pick<AppRecord, 'server'>): string[] => {
  const texts = server === null ? [] : Object.values('command' in server ? (server.env ?? {}) : (server.headers ?? {}))
  return [...new Set(texts.flatMap((text) => [...text.matchAll(secretForm)].map(([, name]) => name ?? '')))]
}
/** Tells a person which secrets to set, each with its app's name before it; null when none is missing. */
export const needsWords = ([first, ...more]: readonly string[]): string | null =>
  first === undefined ? null : `Needs ${[first, ...more].join(', ')}: \`steward secrets set ${first} --value-stdin\`.`

/** An address without what may be a key in it: the user's part and the values of the query. */
function shownUrl(address: string): string {
  const url = new URL(address)
  if (url.username === '' && url.password === '' && url.search === '') return address
  const names = [...url.searchParams.keys()].map((name) => `${encodeURIComponent(name)}=[hidden]`)
  return `${url.origin}${url.pathname}${names.length === 0 ? '' : `?${names.join('&')}`}`
}
/** What may be shown of a server: not the values of its environment and headers, unless they only name secrets. */
export function shownServer({ server }: Pick<AppRecord, 'server'>): ServerSent | null {
  const shown = (values: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(Object.entries(values).map(([name, text]) => [name, text.replace(secretForm, '') === '' ? text : '[hidden]']))
  if (server === null) return null
  return 'command' in server ? { ...server, env: shown(server.env) } : { ...server, url: shownUrl(server.url), headers: shown(server.headers) }
}
/**
 * The connections to MCP servers: one for each such app that is on. All that begins or ends one goes through `align`, which reads the store at
 * its turn, so that whoever comes last is right. `changed` is told when there is another connection or none, and of its tools and state.
 */
export function createServers(deps: AppDeps, changed: (appId: string) => void) {
  const open = new Map<string, McpConnection>()
  /** Why an app that is on has no connection. */
  const problems = new Map<string, string>()
  const queued = new Map<string, Promise<void>>()
  const last = new Map<string, Promise<void>>()
  let closed = false

  const loginOf = (id: string): OAuthState | undefined => {
    const text = deps.secrets.value(loginName(id))
    return text === undefined ? undefined : (JSON.parse(text) as OAuthState)
  }
  const filled = (id: string, values: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(
      Object.entries(values).map(([name, text]) => [
        name,
        text.replace(secretForm, (_all, secret: string) => deps.secrets.value(`${id}.${secret}`) ?? ''),
      ]),
    )
  /** What to connect to. Throws Fault where that cannot be said yet. */
  async function serverOf(id: string, server: ServerSent): Promise<McpServer> {
    const missing = secretsOf({ server })
      .map((name) => `${id}.${name}`)
      .filter((name) => deps.secrets.value(name) === undefined)
    const needs = needsWords(missing)
    if (needs !== null) throw new Fault('conflict', needs)
    if ('url' in server) return { kind: 'http', url: server.url, headers: filled(id, server.headers) }
    const workspace = await deps.workspace()
    const at = (folder: string) => path.resolve(workspace, expandHome(folder, deps.userHome))
    // Where package runners keep what they fetched.
    const caches = ['.npm', '.cache'].map((folder) => path.join(deps.userHome, folder)).filter((folder) => existsSync(folder))
    const { command, args = [], env, writable = [], sandbox = true } = server
    const cwd = at(server.cwd ?? '.')
    return {
      kind: 'stdio',
      command,
      args,
      env: filled(id, env),
      cwd,
      writable: [...new Set([cwd, workspace, ...caches, ...writable.map(at)])],
      sandbox,
    }
  }
  function connect({ id, name, trusted, timeoutMs }: AppRecord, server: McpServer): McpConnection {
    const connection = connectMcp(
      { id, name: name ?? id, server, trusted, timeoutMs },
      {
        ...deps.mcp,
        schemaCheck,
        tokens: { load: loginOf, save: (appId, state) => deps.secrets.keep(loginName(appId), JSON.stringify(state)) },
        // One that is being closed has nothing to say any more.
        changed() {
          if (open.get(id) === connection) changed(id)
        },
        report: deps.report,
      },
    )
    return connection
  }
  /** What cannot be told must not keep a server from being ended. */
  const announce = (id: string): void => {
    try {
      if (!closed) changed(id)
    } catch (error) {
      deps.report(error, { appId: id })
    }
  }
  async function renew(id: string): Promise<void> {
    const before = open.get(id)
    open.delete(id)
    problems.delete(id)
    if (before) {
      announce(id)
      await before.close()
    }
    const app = closed ? undefined : deps.store.find(id)
    if (!app?.enabled || app.server === null) return
    try {
      const server = await serverOf(id, app.server)
      if (closed) return
      open.set(id, connect(app, server))
    } catch (error) {
      problems.set(id, error instanceof Error ? error.message : String(error))
      if (!(error instanceof Fault)) deps.report(error, { appId: id })
    }
    announce(id)
  }
  /** Closes the app's connection, and opens the one that the store says now, if any. One after another; never rejects. */
  function align(id: string): Promise<void> {
    const waiting = queued.get(id)
    if (waiting) return waiting
    const turn = (last.get(id) ?? Promise.resolve())
      .then(() => {
        queued.delete(id)
        return renew(id)
      })
      .catch((error: unknown) => deps.report(error, { appId: id }))
    queued.set(id, turn)
    last.set(id, turn)
    void turn.then(() => last.get(id) === turn && last.delete(id))
    return turn
  }
  return {
    align,
    find: (id: string) => open.get(id),
    /** Where the server of an app that is on stands. */
    state(id: string): { readonly state: McpState; readonly message: string | null } {
      const problem = problems.get(id)
      return open.get(id)?.state() ?? (problem === undefined ? { state: 'starting', message: null } : { state: 'failed', message: problem })
    },
    /** Resolves when the app's server is up, or is not for a reason. */
    async settled(id: string): Promise<void> {
      await last.get(id)
      await open.get(id)?.settled()
    },
    /** The app whose login carries this state. */
    waitingFor: (state: string): McpConnection | undefined => [...open.values()].find(({ id }) => loginOf(id)?.state === state),
    /** Forgets a login: another server under the same id must not be given it. */
    forget(id: string): void {
      if (deps.secrets.value(loginName(id)) !== undefined) deps.secrets.keep(loginName(id), '{}')
    },
    /** Ends every connection; none begins afterwards. */
    async close(): Promise<void> {
      closed = true
      const closing = [...open.values()]
      open.clear()
      await Promise.all([...closing.map((one) => one.close()), ...last.values()])
    },
  }
}
export type Servers = ReturnType<typeof createServers>
