import { gitSubcommandAt } from './shell-git.ts'
import { baseName, type SimpleCommand } from './shell-reading.ts'
import { inGitFolder } from './paths.ts'
import { pathsOf, staysInside, type Place } from './read-only-commands.ts'

type Check = (args: readonly string[], command: SimpleCommand, place: Place) => string | null

const flagged = (args: readonly string[], letters: string, ...long: string[]): boolean =>
  args.some(
    (arg) =>
      (/^-[^-]/.test(arg) && [...letters].some((letter) => arg.includes(letter))) ||
      long.some((name) => name.length > 2 && arg.startsWith('--') && arg.length > 2 && name.startsWith(arg)),
  )
/** The first operand that is not known to stay inside, or that is the whole workspace. */
function strays(args: readonly string[], command: SimpleCommand, place: Place): string | null {
  for (const [i, arg] of args.entries()) {
    if (arg.startsWith('-') && !command.open.includes(i + 1)) continue
    const prefix = arg.split(/[*?[{]/)[0] ?? ''
    if (command.open.includes(i + 1) || (command.unsure.includes(i + 1) && (/[$`~]/.test(arg) || prefix === '' || arg.includes('..')))) return arg
    if (!staysInside(arg, place) || pathsOf(arg, place.cwd)?.includes(place.workspace) || inGitFolder(arg)) return arg
  }
  return null
}
const always =
  (what: string): Check =>
  () =>
    what
const recursive =
  (letters: string): Check =>
  (args, command, place) => {
    if (!flagged(args, letters, '--recursive') && !command.open.length) return null
    const stray = strays(args, command, place)
    return stray === null ? null : `it works through whole folders at ${stray}, outside of the workspace or not known beforehand`
  }
const push: Check = (args) => {
  const at = gitSubcommandAt(args)
  const rest = args.slice(at + 1)
  if (args[at] !== 'push') return null
  const forced =
    flagged(rest, 'fd', '--force', '--force-with-lease', '--delete', '--mirror', '--prune') || rest.some((arg) => /^\+|^:.|^--force/.test(arg))
  return forced ? 'it rewrites or deletes branches of the remote repository' : null
}
const checks = new Map<string, Check>(
  Object.entries({
    rm: recursive('rR'),
    chmod: recursive('R'),
    chown: recursive('R'),
    chgrp: recursive('R'),
    shred: always('it destroys files'),
    git: push,
    find: (args, command, place) => {
      if (!args.some((arg) => arg === '-delete' || /^-(?:exec|ok)/.test(arg))) return null
      const starts = args.slice(
        0,
        args.findIndex((arg) => /^[-(!]/.test(arg)),
      )
      const stray = strays(starts, { ...command, open: command.open.filter((i) => i <= starts.length) }, place)
      return stray !== null && (stray !== '.' || args.includes('-delete')) ? `it changes whole folders at ${stray}` : null
    },
    dd: (args) => (args.some((arg) => /^of=\/dev\/(?!null$)/.test(arg)) ? 'it writes to a device' : null),
    init: (args) => (/^[06]$/.test(args[0] ?? '') ? 'it stops the machine' : null),
    systemctl: (args) =>
      args.some((arg) => /^(?:poweroff|reboot|halt|kexec|suspend|hibernate|emergency|rescue)$/.test(arg)) ? 'it stops the machine' : null,
    kill: (args) => (args.at(-1) === '-1' && args.length > 1 ? 'it ends every process' : null),
    crontab: (args) => (flagged(args, 'r') ? 'it removes all cron jobs' : null),
  } satisfies Record<string, Check>),
)
for (const name of ['shutdown', 'reboot', 'halt', 'poweroff', 'telinit']) checks.set(name, always('it stops the machine'))
for (const name of ['fdisk', 'parted', 'sfdisk', 'wipefs', 'mkswap', 'blkdiscard']) checks.set(name, always('it rewrites a disk'))

/** Why a command may destroy more than the workspace, in half a sentence; null when it is not on the short built-in list. */
export function catastrophe(command: SimpleCommand, place: Place): string | null {
  const device = command.redirections.find((one) => one.write && /^\/dev\/(?:sd|hd|vd|nvme|disk|mmcblk|mem|kmem|mapper)/.test(one.target))
  if (device) return `it writes to the device ${device.target}`
  const name = baseName(command.words[0] ?? '').toLowerCase()
  if (/^(?:mkfs(?:\..+)?|newfs.*)$/.test(name)) return 'it makes a new file system'
  return checks.get(name)?.(command.words.slice(1), command, place) ?? null
}
