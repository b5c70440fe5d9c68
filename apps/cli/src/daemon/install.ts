import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Fault } from '@steward/contract'
import { exitCodes } from '../exit-codes.ts'
import { homeAt, type Home } from '../home.ts'
import type { Io } from '../io.ts'
import { findDaemon } from '../reach/daemon.ts'
import { daemonFlags, type DaemonOptions } from './options.ts'
import { launchdLabel, launchdPlist, systemdUnit, unitName, type ServiceFacts } from './service.ts'

export interface InstallOptions extends DaemonOptions {
  readonly print?: boolean
}
/** A service manager of this system, with what it takes to begin and to end a service of its own. */
interface Manager {
  readonly file: string
  text(facts: ServiceFacts): string
  readonly begin: readonly (readonly string[])[]
  readonly end: readonly (readonly string[])[]
  /** What it must be told when the file is gone. */
  readonly after: readonly (readonly string[])[]
  /** What is said at the end of an installation. */
  readonly hint?: string
}
/** Has the system's service manager start Steward at login and keep it running, or shows what it would be told. Answers the exit code. Throws Fault. */
export async function install(options: InstallOptions, io: Io): Promise<number> {
  const home = homeAt(options.home)
  const manager = managerHere()
  const text = manager.text(factsOf(home, options))
  if (options.print === true) {
    io.stdout.write(text)
    return exitCodes.ok
  }
  const running = await findDaemon(home)
  if (running) {
    await running.sender.close()
    throw new Fault('conflict', `Steward is running (process ${running.file.pid}): stop it first with: steward stop`)
  }
  mkdirSync(path.dirname(manager.file), { recursive: true })
  mkdirSync(path.dirname(home.log), { recursive: true, mode: 0o700 })
  writeWhole(manager.file, text)
  io.stdout.write(`Written: ${manager.file}\n`)
  const done = carryOut(manager.begin, io)
  if (manager.hint !== undefined) io.stdout.write(`${manager.hint}\n`)
  return done ? exitCodes.ok : exitCodes.failed
}
/** Ends the service and takes its file away. Answers the exit code. Throws Fault where there is no service manager. */
export async function uninstall(io: Io): Promise<number> {
  const manager = managerHere()
  if (!existsSync(manager.file)) {
    io.stdout.write(`There is nothing to take back: ${manager.file} does not exist.\n`)
    return exitCodes.ok
  }
  const ended = carryOut(manager.end, io)
  rmSync(manager.file, { force: true })
  io.stdout.write(`Removed: ${manager.file}\n`)
  return carryOut(manager.after, io) && ended ? exitCodes.ok : exitCodes.failed
}
function managerHere(): Manager {
  const manager = managers[process.platform]?.()
  if (!manager)
    throw new Fault(
      'unprocessable',
      'Neither systemd nor launchd is here. Have the service manager of this system run, and keep running: steward daemon start --foreground --http',
    )
  return manager
}
const managers: Partial<Record<NodeJS.Platform, () => Manager | undefined>> = {
  linux() {
    if (!runs('systemctl', ['--version'])) return undefined
    const folder = process.env['XDG_CONFIG_HOME'] || path.join(homedir(), '.config')
    return {
      file: path.join(folder, 'systemd', 'user', unitName),
      text: systemdUnit,
      begin: [
        ['systemctl', '--user', 'daemon-reload'],
        ['systemctl', '--user', 'enable', '--now', unitName],
      ],
      end: [['systemctl', '--user', 'disable', '--now', unitName]],
      after: [['systemctl', '--user', 'daemon-reload']],
      hint: 'It runs while you are logged in. To have it run from the start of the machine on: loginctl enable-linger',
    }
  },
  darwin() {
    const domain = `gui/${userInfo().uid}`
    const file = path.join(homedir(), 'Library', 'LaunchAgents', `${launchdLabel}.plist`)
    return {
      file,
      text: launchdPlist,
      begin: [['launchctl', 'bootstrap', domain, file]],
      end: [['launchctl', 'bootout', `${domain}/${launchdLabel}`]],
      after: [],
    }
  },
}
const runs = (command: string, words: readonly string[]) => spawnSync(command, words, { stdio: 'ignore' }).status === 0

function factsOf(home: Home, options: DaemonOptions): ServiceFacts {
  return {
    program: [process.execPath, fileURLToPath(new URL('../../bin/steward.mjs', import.meta.url))],
    words: ['daemon', 'start', '--foreground', ...(options.http === false ? [] : ['--http']), '--home', home.path, ...daemonFlags(options)],
    path: process.env['PATH'] ?? '',
    log: home.crashLog,
  }
}
/** Runs commands one after another and says each; after one that fails the rest is left to the person. Answers whether all were done. */
function carryOut(commands: readonly (readonly string[])[], io: Io): boolean {
  let well = true
  for (const [command = '', ...words] of commands) {
    const line = [command, ...words].join(' ')
    if (well) {
      const { status, stderr, error } = spawnSync(command, words, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] })
      well = status === 0
      io.stdout.write(well ? `Done: ${line}\n` : '')
      if (!well) io.stderr.write(`${(error?.message ?? stderr).trim()}\n`)
    }
    if (!well) io.stdout.write(`Left to you: ${line}\n`)
  }
  return well
}
/** A reader sees the old text or the new, never a part. */
function writeWhole(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`
  writeFileSync(temporary, text, { mode: 0o644 })
  renameSync(temporary, file)
}
