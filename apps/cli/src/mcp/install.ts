import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { copyFile, mkdir, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Fault } from '@steward/contract'
import { createTwoFilesPatch } from 'diff'
import { exitCodes } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import { createAsker } from '../talk/asker.ts'
import { mcpClients, type ConfigFile, type Launch } from './clients.ts'
import { withServerInJson } from './json-config.ts'
import { withServerInToml } from './toml-config.ts'

export interface InstallOptions {
  readonly home?: string
  readonly yes?: boolean
}
interface Change {
  readonly file: ConfigFile
  /** Where it really lies: people link such files from elsewhere. */
  readonly place: string
  /** Null: there is no such file yet. */
  readonly before: string | null
  readonly after: string
}
const serverName = 'steward'
const bin = fileURLToPath(new URL('../../bin/steward.mjs', import.meta.url))

/**
 * Writes Steward into a host's list of MCP servers. The change is shown, and made when a person agrees or `--yes` says so; the old file is kept
 * beside the new one. What stands there already is not written again. Throws Fault for a file that cannot be read or understood.
 */
export async function installMcp(client: keyof typeof mcpClients, { home, yes }: InstallOptions, io: Io): Promise<number> {
  const changes = filesOf(client).map((file) => changeOf(file, launchOf(home)))
  const open = changes.filter(({ before, after }) => before !== after)
  for (const { file } of changes.filter((change) => !open.includes(change))) io.stdout.write(`${file.host} has it already: ${file.path}\n`)
  for (const { file, before, after } of open)
    io.stdout.write(`${createTwoFilesPatch(file.path, file.path, before ?? '', after, before === null ? 'not there yet' : '', '')}\n`)
  if (open.length === 0) return exitCodes.ok
  if (yes !== true) {
    if (!io.canAsk) throw new Fault('invalid', 'Nobody can be asked here; nothing was changed. Say --yes to have it written.')
    if (!(await agrees(io))) {
      io.stderr.write('Nothing was changed.\n')
      return exitCodes.cancelled
    }
  }
  for (const change of open) {
    const backup = await write(change)
    io.stdout.write(`${change.file.host}: written to ${change.file.path}${backup === undefined ? '' : `; the old file is ${backup}`}\n`)
  }
  io.stdout.write('Start the program anew, so that it sees Steward.\n')
  return exitCodes.ok
}
function filesOf(client: keyof typeof mcpClients): readonly ConfigFile[] {
  const files = mcpClients[client]({ home: homedir(), platform: process.platform, env: process.env })
  const there = files.filter((file) => existsSync(file.path))
  return there.length > 0 ? there : files.slice(0, 1)
}
/** Hosts with windows have no PATH of a shell: all paths are whole. */
function launchOf(home: string | undefined): Launch {
  const chosen = home ?? process.env['STEWARD_HOME']
  return { command: process.execPath, args: [bin, 'mcp', ...(chosen === undefined || chosen === '' ? [] : ['--home', path.resolve(chosen)])] }
}
function changeOf(file: ConfigFile, launch: Launch): Change {
  const there = existsSync(file.path)
  const place = there ? realpathSync(file.path) : file.path
  const before = there ? readText(place) : null
  const edit = file.form === 'toml' ? withServerInToml : withServerInJson
  return { file, place, before, after: edit(before ?? '', file, serverName, launch) }
}
function readText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new Fault('unprocessable', `${file} is not UTF-8 text; nothing was changed.`, undefined, { cause: error })
  }
}
async function agrees(io: Io): Promise<boolean> {
  const asker = createAsker(io, () => undefined)
  try {
    return /^y(es)?$/i.test((await asker.ask('Write this? [y/N] ', { fresh: true }))?.trim() ?? '')
  } finally {
    asker.close()
  }
}
/** Puts the new text in the place of the old one, whole or not at all. Answers where the old one is kept. */
async function write({ place, before, after }: Change): Promise<string | undefined> {
  await mkdir(path.dirname(place), { recursive: true })
  const backup = before === null ? undefined : freeName(place)
  if (backup !== undefined) await copyFile(place, backup)
  const fresh = `${place}.steward-new`
  await writeFile(fresh, after, { mode: before === null ? 0o600 : statSync(place).mode & 0o777 })
  await rename(fresh, place)
  return backup
}
function freeName(file: string): string {
  for (let nth = 1; ; nth++) {
    const name = `${file}.before-steward${nth === 1 ? '' : `-${nth}`}`
    if (!existsSync(name)) return name
  }
}
