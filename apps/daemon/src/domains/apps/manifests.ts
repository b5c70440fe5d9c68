import type { AppFault } from '@steward/contract/daemon'
import { readFolder, watchFolder, type WatchedFile, type WatchedFolder } from '../../platform/watch-folder.ts'
import { compileManifest } from '../../tools/manifest/compile.ts'
import { readManifest } from '../../tools/manifest/manifest.ts'
import type { Manifest } from '../../tools/manifest/schema.ts'
import type { AppDeps } from './ports.ts'

const ending = '.app.json'
const mostFaultsOfOne = 20
/** An app that comes from a file. */
export interface ManifestApp {
  readonly path: string
  readonly text: string
  readonly manifest: Manifest
}
/** The files of a folder; one that cannot be read at all is listed like a file that cannot be. */
const read = (folder: string): Promise<readonly WatchedFile[]> =>
  readFolder(folder, ending).catch((error: unknown) => {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return [{ path: folder, text: null, problem: `The folder could not be read (${why}).` }]
  })
/**
 * The apps of the manifest folders: read anew when a file changes. A bad file is told and harms no other. `taken` says which ids belong to apps
 * that are none of these.
 */
export function createManifests(deps: AppDeps, settingOf: (appId: string, name: string) => string | undefined, taken: (appId: string) => boolean) {
  const folder = deps.folders.own()
  let apps = new Map<string, ManifestApp>()
  let faults: readonly AppFault[] = []
  let own: readonly WatchedFile[] = []
  let shipped: readonly WatchedFile[] = []
  let watching: Promise<WatchedFolder> | undefined
  let closed = false

  function readAll(): void {
    const found = new Map<string, ManifestApp>()
    const wrong: AppFault[] = []
    for (const { path, text, problem } of own) {
      if (text === null) {
        wrong.push({ path, line: null, message: problem })
        continue
      }
      const { manifest, problems } = readManifest(text)
      if (manifest === null) wrong.push(...problems.slice(0, mostFaultsOfOne).map(({ line, message }) => ({ path, line, message })))
      else if (taken(manifest.id) || found.has(manifest.id))
        wrong.push({ path, line: null, message: `There is another app with the id ${manifest.id}; give this one an id of its own.` })
      else found.set(manifest.id, { path, text, manifest })
    }
    // The user's own go before those that came with Steward.
    for (const { path, text } of shipped) {
      const { manifest = null } = text === null ? {} : readManifest(text)
      if (text !== null && manifest && !found.has(manifest.id) && !taken(manifest.id)) found.set(manifest.id, { path, text, manifest })
    }
    apps = found
    faults = wrong
  }
  return {
    /** Reads both folders once. */
    async load(): Promise<void> {
      shipped = await read(deps.folders.shipped)
      own = await read(folder)
      readAll()
    },
    /** Looks again at what was read, when other ids are taken than before. */
    readAgain: readAll,
    /** From now on changes are told. Rejects when the folder cannot be made or watched. */
    async watch(changed: () => void): Promise<void> {
      const take = (files: readonly WatchedFile[]) => {
        if (closed) return
        own = files
        readAll()
        changed()
      }
      watching = watchFolder({ folder, ending, onChange: take, onError: (error) => deps.report(error, { folder }) })
      take((await watching).files())
    },
    find: (id: string) => apps.get(id),
    all: () => [...apps.values()],
    faults: () => faults,
    compile: ({ manifest }: ManifestApp) =>
      compileManifest(manifest, {
        secret: (name) => deps.secrets.value(`${manifest.id}.${name}`),
        setting: (name) => settingOf(manifest.id, name) ?? manifest.settings[name]?.default ?? '',
      }),
    async close(): Promise<void> {
      closed = true
      // Whoever asked to watch has been told why that failed.
      await (await watching?.catch(() => undefined))?.close()
    },
  }
}
export type Manifests = ReturnType<typeof createManifests>
