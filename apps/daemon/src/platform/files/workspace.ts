import { mkdir, realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { Fault } from '@steward/contract'
import type { Settings, SettingKey } from '@steward/contract/daemon'
import type { Caller } from '@steward/kernel'
import { isWithin } from './real-path.ts'

interface WorkspaceRules {
  readonly home: string
  readonly userHome: string
  /** The setting workspaceRoot. */
  readonly root: string
  /** The setting workspace.allowedRoots. */
  readonly allowedRoots: readonly string[]
}
/** The rules as home and settings give them now. */
export const workspaceRules = (from: {
  readonly home: string
  /** The home folder of the user; that of this process unless said. */
  readonly userHome?: string
  setting<K extends SettingKey>(key: K): Settings[K]
}): WorkspaceRules => ({
  home: from.home,
  userHome: from.userHome ?? homedir(),
  root: from.setting('workspaceRoot'),
  allowedRoots: from.setting('workspace.allowedRoots'),
})
/** A folder that was looked at is looked at again after so long; whoever uses it follows its links anew all the same. */
const lookedAtMs = 1_000
/** Opens workspaces by the rules of the moment, and a folder that many ask for once a second. See openWorkspace. */
export function createWorkspaces(rules: () => WorkspaceRules): (wanted: string | undefined, caller: Caller) => Promise<string> {
  const seen = new Map<string, { readonly at: number; readonly folder: Promise<string> }>()
  return (wanted, caller) => {
    const now = rules()
    const key = JSON.stringify([wanted, caller.kind === 'owner', now.root, now.allowedRoots])
    const known = seen.get(key)
    if (known && performance.now() - known.at < lookedAtMs) return known.folder
    const folder = openWorkspace(wanted, caller, now)
    if (seen.size >= 100) seen.clear()
    seen.set(key, { at: performance.now(), folder })
    folder.catch(() => seen.delete(key))
    return folder
  }
}
/** A folder as people write it: `~` is the user's home. */
export const expandHome = (folder: string, userHome: string): string =>
  folder === '~' || folder.startsWith('~/') ? path.join(userHome, folder.slice(1)) : folder
const refuse = (sentence: string) => new Fault('unprocessable', sentence)

async function rootOf({ root, userHome }: WorkspaceRules): Promise<string> {
  if (root !== '') return expandHome(root, userHome)
  const made = path.join(userHome, 'workspace')
  await mkdir(made, { recursive: true }).catch((error: unknown) => {
    throw new Fault('unprocessable', `The folder ${made} cannot be made; give a workspace, or set workspaceRoot.`, undefined, {
      cause: error,
    })
  })
  return made
}
/** Whether a folder is STEWARD_HOME or lies in it, by name and by inode, so also under another mount. */
async function isHome(folder: string, home: string): Promise<boolean> {
  const real = await realpath(home).catch(() => path.resolve(home))
  if (isWithin(folder, real)) return true
  const its = await stat(real).catch(() => undefined)
  if (!its) return false
  for (let here = folder; ; here = path.dirname(here)) {
    const stats = await stat(here).catch(() => undefined)
    if (stats?.dev === its.dev && stats.ino === its.ino) return true
    if (path.dirname(here) === here) return false
  }
}
/**
 * The real folder of a workspace, every symlink followed; `wanted` undefined is the workspace root. Throws Fault
 * `unprocessable` for what is no folder or is Steward's own, `forbidden` where a caller other than the owner leaves the allowed roots.
 */
export async function openWorkspace(wanted: string | undefined, caller: Caller, rules: WorkspaceRules): Promise<string> {
  const asked = wanted === undefined ? await rootOf(rules) : expandHome(wanted, rules.userHome)
  if (asked.includes('\0')) throw refuse('The workspace path has a NUL character in it.')
  if (!path.isAbsolute(asked)) throw refuse(`The workspace ${JSON.stringify(asked)} is not an absolute path; give it from / on.`)
  const folder = await realpath(asked).catch(() => undefined)
  if (caller.kind !== 'owner') {
    const roots: string[] = []
    for (const root of [await rootOf(rules), ...rules.allowedRoots.map((one) => expandHome(one, rules.userHome))])
      roots.push(await realpath(root).catch(() => path.resolve(root)))
    // Asked for before anything is said of the folder: what lies outside is none of this caller's business.
    if (!roots.some((root) => isWithin(folder ?? path.resolve(asked), root)))
      throw new Fault(
        'forbidden',
        'This credential may open workspaces only under the workspace root and the folders of the setting workspace.allowedRoots.',
      )
  }
  if (folder === undefined) throw refuse(`The workspace ${asked} does not exist or cannot be opened.`)
  if (!(await stat(folder)).isDirectory()) throw refuse(`The workspace ${asked} is a file, not a folder.`)
  if (await isHome(folder, rules.home)) throw refuse(`The workspace ${asked} lies in Steward's own data folder, which nothing may open.`)
  return folder
}
