import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Fault } from '@steward/contract'

/** The installed `steward` command: of the installation that this package is part of, else the one on the PATH. */
function installedCommand(): readonly string[] {
  try {
    const bin = fileURLToPath(new URL('../bin/steward.mjs', import.meta.resolve('@steward/cli')))
    // A desktop shell's own program is no Node; the command finds the Node it needs.
    if (existsSync(bin)) return [process.versions['electron'] === undefined ? process.execPath : 'node', bin]
  } catch {
    // It is installed without the command.
  }
  return ['steward']
}
/**
 * Starts the daemon of a home in the background with the `steward` command, and resolves when it answers. One that runs already is as good; two
 * at once end with one. Throws Fault `unavailable` with the command's own words, or `unprocessable` where there is no such command.
 */
export function startDaemon(home: string, command: readonly string[] = installedCommand()): Promise<void> {
  const [program = 'steward', ...words] = command
  const child = spawn(program, [...words, 'start', '--no-open', '--home', home], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    windowsHide: true,
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (said = (said + piece).slice(-4_000)))
  return new Promise((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new Fault('unprocessable', `The command ${program} cannot be run: ${cause.message}. Say where steward is.`, undefined, { cause })),
    )
    child.once('exit', (code, signal) => {
      if (code === 0) return resolve()
      const last = said.trim().split('\n').at(-1)
      const why = last === undefined || last === '' ? `${program} ended with ${signal ?? `exit code ${code}`} and no word.` : last
      reject(new Fault('unavailable', why, undefined, { retryable: false }))
    })
  })
}
