import { execFileSync, spawn, spawnSync } from 'node:child_process'
import path from 'node:path'
import { spawnLines } from '@steward/testkit'
import type { Around } from './daemon-process.ts'

const root = process.getuid?.() === 0
const unshare = root ? ['-m'] : ['-Urm']
const enter = root ? ['-m'] : ['-U', '-m', '--preserve-credentials']
/** Why file systems cannot be mounted here, or null when they can: by root, or in a user namespace. */
export const noMounts: string | null = (() => {
  if (process.platform !== 'linux') return 'only Linux has mount namespaces'
  const tried = spawnSync('unshare', [...unshare, 'mount', '-t', 'tmpfs', 'tmpfs', '/tmp'], { encoding: 'utf8' })
  return tried.status === 0 ? null : `no mount namespace can be made here (${tried.error?.message ?? tried.stderr.trim()})`
})()
/** Why a disk image cannot be mounted here, or null. */
export const noImages: string | null = (() => {
  if (noMounts !== null) return noMounts
  if (!root) return 'only root can mount a disk image'
  const made = spawnSync('sh', ['-c', 'command -v mkfs.ext4 && test -e /dev/loop-control'], { encoding: 'utf8' })
  return made.status === 0 ? null : 'mkfs.ext4 or /dev/loop-control is missing'
})()

/** A private mount namespace with a file system of our own in it; it is gone, with all that lies on it, when disposed. */
export interface OwnMounts extends AsyncDisposable {
  /** Where a path inside is seen from outside. */
  view(file: string): string
  /** Runs a program inside; throws with its words when it fails. */
  run(program: string, ...args: string[]): string
  /** For `beginDaemon`. */
  readonly around: Required<Around>
}
/** Runs `mount` (a shell line, with the folder as $1) in a new namespace and keeps that open. */
export async function ownMounts(folder: string, mount: string): Promise<OwnMounts> {
  const holder = spawn('unshare', [...unshare, 'sh', '-c', `${mount} && echo mounted && exec cat`, 'sh', folder], { stdio: ['pipe', 'pipe', 'pipe'] })
  const said = spawnLines(holder)
  await said.line(/^mounted$/)
  const view = (file: string) => path.join(`/proc/${holder.pid}/root`, file)
  const command = ['nsenter', '-t', String(holder.pid), ...enter, '--']
  const [program = '', ...before] = command
  return {
    view,
    run: (inside, ...args) => execFileSync(program, [...before, inside, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
    around: { command, view },
    async [Symbol.asyncDispose]() {
      holder.stdin.end()
      await said.exited
    },
  }
}
