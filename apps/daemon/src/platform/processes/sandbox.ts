import { spawn } from 'node:child_process'
import { constants, existsSync } from 'node:fs'
import { access, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { Fault } from '@steward/contract'
import { ToolError } from '../../tools/tool.ts'
import { bubblewrapCommand } from './bubblewrap.ts'
import type { BubblewrapHost, SandboxRequest } from './bubblewrap.ts'
import { sandboxProfile } from './sandbox-exec.ts'

export type SandboxKind = 'bubblewrap' | 'sandbox-exec' | 'none'
/** A command line ready to be started. `namespaced`: it lives in a pid namespace of its own and tells about it on file descriptor 3. */
export interface Launch {
  readonly command: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly namespaced: boolean
}
export interface Sandbox {
  readonly kind: SandboxKind
  /** Checks folders and program and wraps the command. Throws ToolError `not_found` or `refused` with what to change. */
  prepare(request: SandboxRequest, env: Readonly<Record<string, string>>): Promise<Launch>
  /** Checks the same and wraps nothing: for a program whose owner has said that it runs without the sandbox. */
  bare(request: SandboxRequest, env: Readonly<Record<string, string>>): Promise<Launch>
}

const sandboxExec = '/usr/bin/sandbox-exec'

/**
 * Finds out, once, which sandbox really works here by running `true` in it. `auto` falls back to none, `off` does not look,
 * `required` throws Fault `unavailable` with the reason when none works. `home` must exist; it is resolved and its inode remembered.
 */
export async function createSandbox(homePath: string, mode: 'auto' | 'off' | 'required'): Promise<Sandbox> {
  const home = await realpath(homePath)
  const before = await stat(home)
  const bubblewrap = mode !== 'off' && process.platform === 'linux' ? await findBubblewrap(home) : 'it exists on Linux only'
  const seatbelt =
    mode !== 'off' && process.platform === 'darwin' && (await tryCommand([sandboxExec, '-p', '(version 1)(allow default)', 'true'])) === null
  const kind = typeof bubblewrap === 'object' ? 'bubblewrap' : seatbelt ? 'sandbox-exec' : 'none'
  if (mode === 'required' && kind === 'none') {
    const why = process.platform === 'darwin' ? 'sandbox-exec does not work' : `bubblewrap does not work (${String(bubblewrap)})`
    throw new Fault('unavailable', `The settings require a sandbox for commands, but ${why}. Install bubblewrap, or set the sandbox to "auto".`)
  }
  const checked = async (request: SandboxRequest, env: Readonly<Record<string, string>>) => {
    const now = await stat(home).catch(() => null)
    if (now?.ino !== before.ino || now.dev !== before.dev) {
      throw new ToolError('refused', `Steward's own folder ${home} was moved or replaced. Commands do not run until Steward is restarted.`)
    }
    const cwd = await folder(request.cwd, home)
    const writable = await Promise.all(request.writable.map((each) => folder(each, home)))
    const program = await findProgram(request.command[0] ?? '', cwd, env['PATH'] ?? '')
    const named = await Promise.all((request.named ?? []).map(async (place) => [place, await realpath(place).catch(() => place)]))
    return { ...request, cwd, writable, program: [...new Set([program, await realpath(program)])], named: named.flat() }
  }
  const unwrapped = (request: SandboxRequest, env: Readonly<Record<string, string>>): Launch => ({
    command: request.command,
    cwd: request.cwd,
    env,
    namespaced: false,
  })
  return {
    kind,
    bare: async (request, env) => unwrapped(await checked(request, env), env),
    async prepare(request, env) {
      const real = await checked(request, env)
      const { cwd, writable } = real
      if (typeof bubblewrap === 'object') {
        const inside = writable.some((each) => within(env['TMPDIR'] ?? '/', each)) ? env : { ...env, TMPDIR: '/tmp' }
        return { command: bubblewrapCommand(real, bubblewrap), cwd: '/', env: inside, namespaced: true }
      }
      if (!seatbelt) return unwrapped(real, env)
      const temporary = env['TMPDIR'] === undefined ? [] : [await realpath(env['TMPDIR']).catch(() => '/private/tmp')]
      const profile = sandboxProfile({ writable: [...writable, ...temporary], home, network: request.network })
      return { command: [sandboxExec, '-p', profile, ...request.command], cwd, env, namespaced: false }
    },
  }
}

const within = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(outer === '/' ? '/' : `${outer}/`)

async function folder(asked: string, home: string): Promise<string> {
  const real = await realpath(asked).catch((error: unknown) => {
    throw new ToolError('not_found', `The folder "${asked}" does not exist.`, { cause: error })
  })
  if (!(await stat(real)).isDirectory()) throw new ToolError('invalid', `"${asked}" is not a folder.`)
  if (within(real, home)) throw new ToolError('refused', `"${asked}" lies in Steward's own folder, which is closed to commands.`)
  return real
}

/** The program's absolute path, links not followed. */
async function findProgram(program: string, cwd: string, searchPath: string): Promise<string> {
  if (program === '') throw new ToolError('invalid', 'The command is empty.')
  const places = program.includes('/') ? [cwd] : searchPath.split(path.delimiter).map((each) => path.resolve(cwd, each))
  for (const place of places) {
    const file = path.resolve(place, program)
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return file
  }
  throw new ToolError('not_found', `There is no program "${program}" on this host${program.includes('/') ? '' : ' (looked through PATH)'}.`)
}

/** The host's working bubblewrap, or why there is none. */
async function findBubblewrap(home: string): Promise<BubblewrapHost | string> {
  const program = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((place) => path.isAbsolute(place))
    .map((place) => path.join(place, 'bwrap'))
    .find((place) => existsSync(place))
  if (program === undefined) return 'the program bwrap is not installed'
  let why = ''
  for (const userNamespace of [false, true]) {
    const host = { program, home, root: process.getuid?.() === 0, userNamespace, exists: existsSync }
    const failure = await tryCommand(bubblewrapCommand({ command: ['true'], cwd: '/', writable: [], network: false }, host))
    if (failure === null) return host
    why ||= failure
  }
  return why
}

/** null when the command ends well within 5 s, else what went wrong. */
function tryCommand([program = '', ...args]: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], timeout: 5000, killSignal: 'SIGKILL' })
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(0, 500)
    })
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => resolve(code === 0 ? null : said.trim() || `it ended with ${String(code ?? signal)}`))
  })
}
