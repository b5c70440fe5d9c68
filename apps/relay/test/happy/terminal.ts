import { stripVTControlCharacters } from 'node:util'
import { spawn } from '@lydell/node-pty'

export interface Terminal {
  /** All that was printed so far, without colours and cursor moves. */
  text(): string
  /** The first place, past or future, that matches. Rejects with the output when the program ends without one or after `timeoutMs`. */
  shows(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>
  /** Types these characters. */
  type(characters: string): void
  /** The exit code. */
  readonly exited: Promise<number>
  /** Hangs up, as when the window is closed. */
  close(): void
}

/** Runs a program in a pseudo-terminal of its own, wide enough that no address is broken over two lines. */
export function openTerminal(command: readonly [string, ...string[]], at: { cwd: string; env: Record<string, string> }): Terminal {
  const [file, ...args] = command
  const pty = spawn(file, args, { name: 'xterm-256color', cols: 200, rows: 60, cwd: at.cwd, env: at.env })
  const listeners = new Set<() => void>()
  const ring = (): void => {
    for (const listener of listeners) listener()
  }
  let printed = ''
  let over = false
  pty.onData((data) => {
    printed += data
    ring()
  })
  const exited = new Promise<number>((resolve) => {
    pty.onExit(({ exitCode }) => {
      over = true
      ring()
      resolve(exitCode)
    })
  })
  const text = (): string => stripVTControlCharacters(printed)
  const shows = (pattern: RegExp, timeoutMs = 20_000): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer)
        listeners.delete(look)
        act()
      }
      const fail = (why: string): void =>
        settle(() => reject(new Error(`The terminal shows nothing like ${String(pattern)}: ${why}. It shows:\n${text()}`)))
      const timer = setTimeout(() => fail(`${timeoutMs} ms are over`), timeoutMs)
      const look = (): void => {
        const match = pattern.exec(text())
        if (match) settle(() => resolve(match))
        else if (over) fail('the program has ended')
      }
      listeners.add(look)
      look()
    })
  return {
    text,
    shows,
    type: (characters) => pty.write(characters),
    exited,
    close: () => {
      if (!over) pty.kill()
    },
  }
}
