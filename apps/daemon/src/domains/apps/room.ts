import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '@steward/contract'
import type { App } from '@steward/contract/daemon'
import { holds } from '@steward/kernel'
import type { RoomHandlers } from '../../platform/context.ts'
import { decodePlace, encodePage } from '../../platform/page.ts'
import { appOf } from '../../tools/app-of.ts'
import type { Tool } from '../../tools/tool.ts'
import { createManifests } from './manifests.ts'
import type { AppDeps } from './ports.ts'
import { createServers, secretsOf } from './servers.ts'
import { givenSetting, type AppRecord } from './store.ts'
import { createViews } from './views.ts'

/** An answer waits so long for a server to come up; it goes on starting afterwards. */
const settleMs = 10_000
/** What begins with the daemon waits so long for all servers. */
const readyMs = 5_000
/** Work that needs one tool waits longer for its server. */
const ensureMs = 30_000
/** Apps: groups of tools that are built in, come from manifests, or from MCP servers. */
export function createAppsRoom(deps: AppDeps) {
  const { store, registry } = deps
  const builtin = new Set(registry.apps().map(({ id }) => id))
  const isServer = (id: string) => (store.find(id)?.server ?? null) !== null
  const manifests = createManifests(
    deps,
    (appId, name) => givenSetting(store.find(appId), name),
    (appId) => builtin.has(appId) || isServer(appId),
  )
  const servers = createServers(deps, serverChanged)
  const views = createViews(deps, builtin, manifests, servers)
  /** What the registry holds, by app: the tools of servers, and the texts of manifests. */
  const held = new Map<string, readonly Tool[] | string>()
  const told = new Map<string, string>()
  let toldFaults = '[]'
  let loading: Promise<void> | undefined
  let settling: Promise<void> | undefined
  let closed = false

  const hold = (app: { id: string; name: string; tools: readonly Tool[] }, as: readonly Tool[] | string): void => {
    // Other tools are news, however many they are.
    if (held.has(app.id)) told.delete(app.id)
    held.set(app.id, as)
    for (const problem of registry.put(app)) deps.report(new Error(problem), { appId: app.id })
  }
  const drop = (id: string): void => {
    if (held.delete(id)) registry.remove(id)
  }
  const wordOf = ({ status, tools, message }: App): string => JSON.stringify([status, tools, message])
  /** Writes that an app has changed, when it has. */
  function tell(id: string): void {
    const app = closed ? undefined : views.find(id)
    if (!app || told.get(id) === wordOf(app)) return
    const { status, tools, message } = app
    deps.log.commit((emit) => emit('app.changed', { appId: id, status, tools, message }))
    told.set(id, wordOf(app))
  }
  function serverChanged(id: string): void {
    const tools = servers.find(id)?.tools()
    if (tools && held.get(id) !== tools) hold({ id, name: store.find(id)?.name ?? id, tools }, tools)
    if (!tools && typeof held.get(id) !== 'string') drop(id)
    tell(id)
  }
  /** Makes the registry hold the tools of the manifests that are on. */
  function apply(): void {
    const on = manifests.all().filter(({ manifest }) => store.find(manifest.id)?.enabled !== false)
    const ids = new Set(on.map(({ manifest }) => manifest.id))
    for (const [id, as] of held) if (typeof as === 'string' && !ids.has(id)) drop(id)
    for (const app of on) if (held.get(app.manifest.id) !== app.text) hold({ ...app.manifest, tools: manifests.compile(app) }, app.text)
  }
  /** Takes what the files are now, and tells of the apps that came, changed and went. */
  function followFiles(): void {
    apply()
    for (const id of told.keys()) {
      if (views.find(id)) continue
      told.delete(id)
      deps.log.commit((emit) => emit('app.removed', { appId: id }))
    }
    for (const { manifest } of manifests.all()) tell(manifest.id)
    const faults = JSON.stringify(manifests.faults())
    if (faults !== toldFaults) deps.log.commit((emit) => emit('app.faulted', { faults: manifests.faults().length }))
    toldFaults = faults
  }
  const load = async (): Promise<void> => {
    await manifests.load()
    if (closed) return
    apply()
    toldFaults = JSON.stringify(manifests.faults())
    for (const { manifest } of manifests.all()) {
      const app = views.find(manifest.id)
      if (app) told.set(app.id, wordOf(app))
    }
    for (const { id, enabled, server } of store.all()) if (enabled && server !== null) void servers.align(id)
  }
  /** Resolves when the manifests are read and the servers are being started. */
  const loaded = (): Promise<void> => (loading ??= load())
  const within = (work: Promise<unknown>, ms: number) => Promise.race([work, sleep(ms, undefined, { ref: false })])
  const settled = (id: string) => within(servers.settled(id), settleMs)
  const settle = async (): Promise<void> => {
    await loaded()
    if (!closed) await within(Promise.all(store.all().map(({ id }) => servers.settled(id))), readyMs)
    // Whoever waited to begin something is not to begin it any more.
    if (closed) await new Promise<never>(() => undefined)
  }
  const ready = (): Promise<void> => (settling ??= settle())
  /** For who wants to see how apps do: where it is this that starts the servers, there is nothing to see before. */
  const visible = (): Promise<void> => (loading === undefined ? ready() : loaded())
  const need = async (id: string): Promise<App> => {
    await visible()
    const app = views.find(id)
    if (!app) throw new Fault('not_found', `There is no app ${id}.`)
    return app
  }
  const needServer = async (id: string): Promise<App> => {
    const app = await need(id)
    if (app.source !== 'mcp') throw new Fault('conflict', `The app ${id} is no MCP server.`)
    if (!app.enabled) throw new Fault('conflict', `The app ${id} is off; turn it on first.`)
    return app
  }
  /** What is stored of an app that somebody changes for the first time. */
  const fresh = (id: string): AppRecord => ({
    id,
    name: null,
    server: null,
    trusted: false,
    timeoutMs: 120_000,
    enabled: true,
    settings: {},
    updatedAt: '',
  })
  const handlers = {
    async 'tools.list'({ caller }) {
      await ready()
      const usable = registry.apps().flatMap(({ id, name, tools }) => {
        const mine = tools.filter(({ permissions }) => permissions.every((permission) => holds(caller.scopes, permission)))
        return mine.length === 0 ? [] : [{ id, name, tools: mine.map((tool) => ({ ...tool, permissions: [...tool.permissions] })) }]
      })
      return { apps: usable }
    },
    async 'apps.list'(_context, { limit, cursor }) {
      await visible()
      const after = cursor === undefined ? '' : String(decodePlace(cursor)['id'] ?? '')
      const rest = views.all().filter(({ id }) => id > after)
      const items = rest.slice(0, limit)
      const last = items.at(-1)
      return { items, nextCursor: rest.length > limit && last ? encodePage({ id: last.id }) : null, faults: [...manifests.faults()] }
    },
    async 'apps.get'(_context, { id }) {
      return need(id)
    },
    async 'apps.add'({ commit, keep }, { id, name, server, trusted, timeoutMs }) {
      await loaded()
      if (views.find(id)) throw new Fault('conflict', `There is an app ${id} already; remove it first, or take another id.`)
      const app: AppRecord = { ...fresh(id), name: name ?? null, server, trusted, timeoutMs, updatedAt: new Date().toISOString() }
      servers.forget(id)
      commit(() => {
        store.put(app)
        return views.find(id)
      })
      await servers.align(id)
      await settled(id)
      const answer = await need(id)
      keep(answer)
      return answer
    },
    async 'apps.configure'({ commit, keep }, { id, enabled, settings = {} }) {
      const app = await need(id)
      if (app.source === 'builtin') throw new Fault('conflict', `The app ${id} is built in; what its tools may do is said by permission rules.`)
      const unknown = Object.keys(settings).find((key) => !Object.hasOwn(app.settings, key))
      if (unknown !== undefined)
        throw new Fault('unprocessable', `The app ${id} has no setting ${unknown}; it has ${Object.keys(app.settings).join(', ') || 'none'}.`)
      const before = store.find(id) ?? fresh(id)
      const merged = Object.entries({ ...before.settings, ...settings }).filter((entry): entry is [string, string] => entry[1] !== null)
      const after: AppRecord = {
        ...before,
        enabled: enabled ?? before.enabled,
        settings: Object.fromEntries(merged),
        updatedAt: new Date().toISOString(),
      }
      commit(() => {
        store.put(after)
        return views.find(id)
      })
      if (after.server === null) apply()
      else if (after.enabled !== before.enabled) {
        await servers.align(id)
        await settled(id)
      }
      tell(id)
      const answer = await need(id)
      keep(answer)
      return answer
    },
    async 'apps.restart'(_context, { id }) {
      await needServer(id)
      await within(servers.find(id)?.restart() ?? servers.align(id).then(() => servers.settled(id)), settleMs)
      return need(id)
    },
    async 'apps.remove'({ commit }, { id }) {
      const app = await need(id)
      if (app.source !== 'mcp')
        throw new Fault(
          'conflict',
          app.source === 'builtin' ? `The app ${id} is built in.` : `The app ${id} goes with its file ${app.path ?? ''}; or turn it off.`,
        )
      commit((emit) => {
        store.remove(id)
        emit('app.removed', { appId: id })
      })
      told.delete(id)
      await servers.align(id)
      servers.forget(id)
      // A file may have waited for the id.
      manifests.readAgain()
      followFiles()
      return null
    },
    async 'apps.authorize'(_context, { id }) {
      const { message } = await needServer(id)
      await settled(id)
      const connection = servers.find(id)
      if (!connection) throw new Fault('conflict', `The app ${id} is not there now. ${message ?? ''}`.trim())
      return { url: await connection.authorize() }
    },
    async 'apps.authorized'(_context, { code, state, iss }) {
      await loaded()
      const connection = servers.waitingFor(state)
      if (!connection) throw new Fault('unprocessable', 'No login of an app waits for this answer; begin it again with `steward apps authorize`.')
      await connection.authorized(code, state, iss)
      await settled(connection.id)
      return need(connection.id)
    },
  } satisfies RoomHandlers
  return {
    handlers,
    /** Resolves when the tools are there of all apps that can be so soon. */
    ready,
    /** Resolves when a tool is there, or will not be soon: its server may be starting. */
    async ensure(toolId: string): Promise<void> {
      await loaded()
      if (!registry.find(toolId)) await within(servers.settled(appOf(toolId)), ensureMs)
    },
    /** A secret has changed: servers that are handed it start anew. */
    async secretChanged(name: string): Promise<void> {
      // Before anything is loaded nothing has been handed it.
      if (closed || loading === undefined) return
      await loading
      const [id = '', secret = ''] = name.split('.')
      const app = closed ? undefined : store.find(id)
      if (app?.enabled && secretsOf(app).includes(secret)) await servers.align(id)
      tell(id)
    },
    /** From now on files are watched. */
    async start(): Promise<void> {
      await loaded()
      if (!closed) await manifests.watch(followFiles)
    },
    async close(): Promise<void> {
      closed = true
      await manifests.close()
      await servers.close()
      // It looks into the database, which is closed next; whoever asked for it has its failure.
      await Promise.allSettled([loading])
    },
  }
}
