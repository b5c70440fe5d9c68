import type { App } from '@steward/contract/daemon'
import { secretsIn } from '../../tools/manifest/filler.ts'
import type { ManifestApp, Manifests } from './manifests.ts'
import type { AppDeps } from './ports.ts'
import { needsWords, secretsOf, shownServer, type Servers } from './servers.ts'
import { givenSetting, type AppRecord } from './store.ts'

/** Apps as every door shows them, whatever they come from. */
export function createViews({ store, registry, secrets, redact }: AppDeps, builtin: ReadonlySet<string>, manifests: Manifests, servers: Servers) {
  const toolsOf = (id: string) => registry.all().filter((tool) => tool.id.startsWith(`${id}.`)).length
  const secretList = (id: string, names: readonly string[]) =>
    names.map((name) => ({ name: `${id}.${name}`, isSet: secrets.value(`${id}.${name}`) !== undefined }))
  const bare = { message: null, path: null, settings: {}, secrets: [], server: null, updatedAt: null }
  const ofManifest = ({ path, manifest }: ManifestApp): App => {
    const stored = store.find(manifest.id)
    const enabled = stored?.enabled !== false
    const needed = [...new Set(manifest.tools.flatMap(secretsIn))]
    const list = secretList(manifest.id, needed)
    const missing = list.filter(({ isSet }) => !isSet).map(({ name }) => name)
    const settings = Object.entries(manifest.settings).map(([name, { default: value }]) => [name, givenSetting(stored, name) ?? value] as const)
    return {
      ...bare,
      id: manifest.id,
      name: manifest.name,
      source: 'manifest',
      status: enabled ? 'ready' : 'disabled',
      enabled,
      tools: toolsOf(manifest.id),
      message: needsWords(missing),
      path,
      settings: Object.fromEntries(settings),
      secrets: list,
      updatedAt: stored?.updatedAt ?? null,
    }
  }
  const statuses = {
    starting: 'starting',
    ready: 'ready',
    failed: 'failed',
    needs_authorization: 'needs_authorization',
    stopped: 'disabled',
  } as const
  const ofServer = (app: AppRecord): App => {
    const { state, message } = app.enabled ? servers.state(app.id) : { state: 'stopped' as const, message: null }
    return {
      ...bare,
      id: app.id,
      name: app.name ?? app.id,
      source: 'mcp',
      status: statuses[state],
      enabled: app.enabled,
      tools: toolsOf(app.id),
      message: redact(message),
      secrets: secretList(app.id, secretsOf(app)),
      server: shownServer(app) as App['server'],
      updatedAt: app.updatedAt,
    }
  }
  const ofBuiltin = (id: string): App => ({
    ...bare,
    id,
    name: registry.apps().find((app) => app.id === id)?.name ?? id,
    source: 'builtin',
    status: 'ready',
    enabled: true,
    tools: toolsOf(id),
  })
  const find = (id: string): App | undefined => {
    if (builtin.has(id)) return ofBuiltin(id)
    const stored = store.find(id)
    if (stored && stored.server !== null) return ofServer(stored)
    const manifest = manifests.find(id)
    return manifest && ofManifest(manifest)
  }
  return {
    find,
    /** All of them, by id. */
    all: (): App[] =>
      [...builtin]
        .map(ofBuiltin)
        .concat(
          store
            .all()
            .filter(({ server }) => server !== null)
            .map(ofServer),
          manifests.all().map(ofManifest),
        )
        .toSorted((one, other) => (one.id < other.id ? -1 : 1)),
  }
}
