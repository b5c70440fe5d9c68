import { spawn } from 'node:child_process'
import type { RunCommand } from './git.ts'

const mostOutput = 64_000_000
const inherited = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot']
/**
 * Runs git to its end, in a process group of its own, with nothing of the daemon's environment but PATH, HOME and TMPDIR. When the signal
 * aborts, the group is killed and the promise rejects with its reason; over 64 MB of output it rejects too.
 */
export function createGitRunner(own: Readonly<Record<string, string | undefined>>): RunCommand {
  const base = Object.fromEntries(inherited.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]]])))
  return ([program = '', ...words], cwd, env, signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const child = spawn(program, words, {
        cwd,
        env: { ...base, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: process.platform !== 'win32',
      })
      const stdout: Buffer[] = []
      const stderr: Buffer[] = []
      let size = 0
      let failure: unknown
      const end = (why: unknown) => {
        failure ??= why
        if (child.pid === undefined) return
        try {
          if (process.platform === 'win32') child.kill('SIGKILL')
          else process.kill(-child.pid, 'SIGKILL')
        } catch {
          child.kill('SIGKILL') // the group is gone, or is not there yet
        }
      }
      const aborted = () => end(signal.reason)
      signal.addEventListener('abort', aborted, { once: true })
      for (const [stream, kept] of [
        [child.stdout, stdout],
        [child.stderr, stderr],
      ] as const) {
        stream.on('data', (chunk: Buffer) => {
          size += chunk.length
          if (size > mostOutput) end(new Error(`${program} wrote more than ${mostOutput} bytes.`))
          else kept.push(chunk)
        })
      }
      child.on('error', (error) => (failure ??= error))
      child.on('close', (code) => {
        signal.removeEventListener('abort', aborted)
        if (failure !== undefined) reject(failure as Error)
        else resolve({ exitCode: code ?? 1, stdout: Buffer.concat(stdout).toString('utf8'), stderr: Buffer.concat(stderr).toString('utf8') })
      })
    })
}
