import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { tempDir, until } from '@steward/testkit'
import { openTerminal } from './terminal.ts'
import type { Terminal } from './terminal.ts'

/** Where `npm ci` in test/happy puts it. */
const installed = fileURLToPath(new URL('../../../../test/happy/node_modules/', import.meta.url))
const happy = path.join(installed, 'happy', 'bin', 'happy.mjs')
const agent = fileURLToPath(new URL('acp-agent.ts', import.meta.url))

/** What a test says in its name when it is skipped because the happy command is not installed; null when it can run. Under STEWARD_TEST_ALL=1 it always runs. */
export const lackingHappy =
  process.env['STEWARD_TEST_ALL'] === '1' || existsSync(happy)
    ? null
    : ' (skipped: happy is not installed; run "npm ci --omit=optional --ignore-scripts" in test/happy)'

export interface Computer extends AsyncDisposable {
  /** Its home folder, which is also where commands run. */
  readonly home: string
  /** Runs `happy` with these arguments in a terminal of its own. */
  happy(...args: string[]): Terminal
  /** The arguments of `happy` that start a session with the scripted agent. */
  readonly agentArguments: readonly string[]
  /** The settings and keys that the command keeps, by file name. */
  kept(file: string): Promise<any>
}

/**
 * A computer of a user of the relay at `url`, with a home folder of its own and a `gemini` in its PATH that is the scripted agent. The environment holds nothing else.
 * At the end every process that was started with this home is killed: the command leaves a daemon and what that has started.
 */
export async function useComputer(url: string): Promise<Computer> {
  const dir = await tempDir('steward-happy-')
  const home = path.join(dir.path, 'home')
  const programs = path.join(dir.path, 'bin')
  await Promise.all([mkdir(home), mkdir(programs)])
  await writeFile(path.join(programs, 'gemini'), `#!/bin/sh\nexec '${process.execPath}' '${agent}'\n`)
  await chmod(path.join(programs, 'gemini'), 0o755)
  const env = {
    // The command starts its daemon with the `node` it finds there.
    PATH: [programs, path.dirname(process.execPath), '/usr/bin', '/bin'].join(path.delimiter),
    HOME: home,
    HAPPY_HOME_DIR: path.join(home, '.happy'),
    HAPPY_SERVER_URL: url,
    HAPPY_WEBAPP_URL: url,
    GEMINI_API_KEY: 'none',
  }
  const terminals: Terminal[] = []
  return {
    home,
    happy(...args) {
      const terminal = openTerminal([process.execPath, happy, ...args], { cwd: home, env })
      terminals.push(terminal)
      return terminal
    },
    agentArguments: ['acp', '--', process.execPath, agent],
    kept: async (file) => JSON.parse(await readFile(path.join(home, '.happy', file), 'utf8')),
    async [Symbol.asyncDispose]() {
      for (const terminal of terminals) terminal.close()
      await until(async () => (await killAllOf(home)) === 0, { what: 'the end of what happy has started' })
      await dir[Symbol.asyncDispose]()
    },
  }
}

/** Kills every process with this home folder, and gives how many there were. */
async function killAllOf(home: string): Promise<number> {
  let killed = 0
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    if (!environment.split('\0').includes(`HOME=${home}`)) continue
    killed += 1
    try {
      process.kill(pid, 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
  return killed
}
