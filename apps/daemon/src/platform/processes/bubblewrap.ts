import path from 'node:path'

export interface SandboxRequest {
  readonly command: readonly string[]
  readonly cwd: string
  /** Resolved through symlinks. */
  readonly writable: readonly string[]
  readonly network: boolean
  /** The program's file and what it links to, absolute: reachable also where its folder would be hidden. */
  readonly program?: readonly string[]
  /** Absolute places that the command line names: where they lie in /tmp, the first folder on the way to them is there to be read. */
  readonly named?: readonly string[]
}
export interface BubblewrapHost {
  /** Path of the bwrap program. */
  readonly program: string
  /** STEWARD_HOME, resolved through symlinks. */
  readonly home: string
  readonly root: boolean
  /** Root without the right to mount, as in some containers: bubblewrap then needs a user namespace as well. */
  readonly userNamespace: boolean
  /** Whether a path is on this host. */
  exists(path: string): boolean
}

/** Rights that root keeps inside, to work on files of other users; none of them can undo a mount. */
const rootKeeps = ['CAP_DAC_OVERRIDE', 'CAP_CHOWN', 'CAP_FOWNER', 'CAP_FSETID']
/** Kernel controls in /proc that root could write by owning them, without any right. */
const kernelControls = ['/proc/sys', '/proc/sysrq-trigger', '/proc/irq', '/proc/bus', '/proc/acpi', '/proc/scsi', '/proc/mtrr']
/** What programs need of /run; the rest holds sockets (docker, D-Bus) that are ways out of a read-only file system. */
const runFolders = ['/run/systemd/resolve', '/run/NetworkManager', '/run/resolvconf', '/run/current-system', '/run/wrappers']

/** What lies here is hidden behind a file system of the sandbox's own. */
const hiddenFolders = ['/tmp', '/run', '/dev']
const within = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(outer === '/' ? '/' : `${outer}/`)

/**
 * The bubblewrap command line for a request: everything read-only but the writable folders, private /proc, /dev, /tmp and /run, STEWARD_HOME
 * masked by an empty read-only folder, no network unless asked for, and a pid namespace that dies with the daemon. The process 1 of the
 * namespace and the exit code of a command that really began are written to file descriptor 3 (`--json-status-fd`). Folders between a writable root and STEWARD_HOME are mounted on themselves, so
 * that renaming them cannot move STEWARD_HOME from under its mask. Pure: reads the host only through `exists`.
 */
export function bubblewrapCommand(request: SandboxRequest, host: BubblewrapHost): string[] {
  const { home, exists } = host
  const writable = [...request.writable].toSorted((a, b) => a.length - b.length)
  const covers = (folder: string): boolean => writable.some((root) => within(folder, root))
  const wholeDisk = writable.includes('/')
  const args = [host.program, '--die-with-parent', '--new-session', '--unshare-pid', '--unshare-ipc']
  if (host.userNamespace) args.push('--unshare-user')
  if (!request.network) args.push('--unshare-net')
  if (host.root) args.push('--cap-drop', 'ALL')
  if (host.root && !host.userNamespace) for (const right of rootKeeps) args.push('--cap-add', right)
  args.push(wholeDisk ? '--bind' : '--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev')
  if (host.root) for (const control of kernelControls) if (exists(control)) args.push('--ro-bind', control, control)
  if (!covers('/run') && exists('/run')) {
    args.push('--tmpfs', '/run')
    for (const folder of runFolders) if (exists(folder)) args.push('--ro-bind', folder, folder)
  }
  if (!covers('/tmp')) args.push('--tmpfs', '/tmp')
  const hidden = (place: string): boolean => hiddenFolders.some((folder) => within(place, folder)) && !covers(place)
  for (const file of (request.program ?? []).filter(hidden)) {
    const folder = path.dirname(file)
    const shown = hiddenFolders.includes(folder) ? file : folder
    args.push('--ro-bind', shown, shown)
  }
  for (const place of new Set((request.named ?? []).filter(hidden).flatMap(firstBelowTmp))) if (exists(place)) args.push('--ro-bind', place, place)
  if (hidden(request.cwd)) args.push('--ro-bind', request.cwd, request.cwd)
  for (const folder of writable) if (folder !== '/') args.push('--bind', folder, folder)
  for (const root of writable.filter((folder) => within(home, folder))) {
    for (const between of foldersBetween(root, home)) args.push('--bind', between, between)
  }
  args.push('--tmpfs', home, '--remount-ro', home)
  return [...args, '--chdir', request.cwd, '--json-status-fd', '3', '--', ...request.command]
}

/** `/tmp/project` for `/tmp/project/src/server.js`; nothing elsewhere: what is hidden in /run are ways out. */
const firstBelowTmp = (place: string): string[] => {
  const [, first] = /^\/tmp\/([^/]+)/.exec(path.posix.normalize(place)) ?? []
  return first === undefined ? [] : [`/tmp/${first}`]
}

function foldersBetween(root: string, home: string): string[] {
  const folders: string[] = []
  for (let folder = path.dirname(home); folder.length > root.length; folder = path.dirname(folder)) folders.unshift(folder)
  return folders
}
