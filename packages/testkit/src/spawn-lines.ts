import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

export interface SpawnedLines {
  /** All lines so far of stdout and stderr, in order of arrival. */
  readonly lines: readonly string[]
  text(): string
  /** The first line, past or future, that matches. Rejects with the output when the child ends without one or after `timeoutMs` (default 10000). */
  line(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>
  /** How the child ended, once its output is complete. Rejects when it could not be started. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/** Collects a child's output and lets a test await a line of it. */
export function spawnLines(child: ChildProcess): SpawnedLines {
  const lines: string[] = []
  const listeners = new Set<() => void>()
  const ring = (): void => {
    for (const listener of listeners) listener()
  }
  const collect = (stream: Readable | null): void => {
    if (stream === null) return
    createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
      lines.push(line)
      ring()
    })
  }
  collect(child.stdout)
  collect(child.stderr)
  let over = false
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  const end = (): void => {
    over = true
    ring()
  }
  exited.then(end, end)
  const text = (): string => lines.join('\n')
  const line = (pattern: RegExp, timeoutMs = 10_000): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      let seen = 0
      const settle = (act: () => void): void => {
        clearTimeout(timer)
        listeners.delete(look)
        act()
      }
      const fail = (why: string): void => settle(() => reject(new Error(`No line like ${String(pattern)}: ${why}. The output was:\n${text()}`)))
      const timer = setTimeout(() => fail(`${timeoutMs} ms are over`), timeoutMs)
      const look = (): void => {
        for (; seen < lines.length; seen += 1) {
          const match = new RegExp(pattern.source, pattern.flags.replace('g', '')).exec(lines[seen] ?? '')
          if (match) return settle(() => resolve(match))
        }
        if (over) fail('the child has ended')
      }
      listeners.add(look)
      look()
    })
  return { lines, text, line, exited }
}
