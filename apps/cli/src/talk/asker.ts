import { createInterface, type Interface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import type { Io } from '../io.ts'

export interface Asker {
  /** One line from the person; undefined at the end of input, at Ctrl-C and when the signal aborts. `fresh`: what was typed before the question is not taken for its answer. */
  ask(prompt: string, options?: { readonly signal?: AbortSignal; readonly fresh?: boolean }): Promise<string | undefined>
  close(): void
}
/** What a terminal hands over at once was typed before. Milliseconds. */
const typedBeforeMs = 25
const ctrlC = 3

/** Asks at the terminal, prompts on stderr. Between questions the terminal is left alone, so that Ctrl-C stays a signal. From a pipe it reads line by line. */
export function createAsker(io: Io, interrupt: () => void): Asker {
  return io.stdin.isTTY === true ? atTerminal(io, interrupt) : fromPipe(io)
}
function atTerminal({ stdin, stderr }: Io, interrupt: () => void): Asker {
  let history: string[] = []
  return {
    async ask(prompt, { signal, fresh = false } = {}) {
      if (fresh) await dropTyped(stdin, interrupt)
      if (signal?.aborted) return undefined
      const lines = createInterface({ input: stdin, output: stderr, terminal: true, history, historySize: 200, removeHistoryDuplicates: true })
      if (!fresh) lines.on('history', (all: string[]) => (history = all))
      lines.once('SIGINT', () => {
        lines.close()
        stderr.write('\n')
        interrupt()
      })
      try {
        return await one(lines, prompt, signal)
      } finally {
        lines.close()
        await dropTyped(stdin, interrupt)
      }
    },
    close: () => void stdin.pause(),
  }
}
function one(lines: Interface, prompt: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  return new Promise((resolve) => {
    const leave = () => resolve(undefined)
    signal?.addEventListener('abort', leave, { once: true })
    lines.once('close', leave)
    lines.question(prompt, (line) => {
      signal?.removeEventListener('abort', leave)
      resolve(line)
    })
  })
}
/** Reads away what was typed. A Ctrl-C that came while the terminal did not yet make a signal of it still counts. */
async function dropTyped(stdin: Io['stdin'], interrupt: () => void): Promise<void> {
  const take = (chunk: Buffer | string) => {
    if (Buffer.from(chunk).includes(ctrlC)) interrupt()
  }
  stdin.on('data', take)
  // A stream that was paused by hand stays so until it is told.
  stdin.resume()
  await delay(typedBeforeMs)
  // However late the timer was: what had come by then is read now.
  await new Promise(setImmediate)
  stdin.off('data', take)
  stdin.pause()
}
function fromPipe({ stdin, stderr }: Io): Asker {
  const waiting: string[] = []
  const state: { ended: boolean; wake?: () => void; lines?: Interface } = { ended: false }
  const open = () =>
    (state.lines ??= createInterface({ input: stdin, crlfDelay: Infinity })
      .on('line', (line) => {
        waiting.push(line)
        state.wake?.()
      })
      .on('close', () => {
        state.ended = true
        state.wake?.()
      }))
  /** Resolves when there is a line, when no more will come, or when the question is taken back. */
  const ready = (signal: AbortSignal | undefined) =>
    new Promise<void>((resolve) => {
      if (waiting.length > 0 || state.ended || signal?.aborted) return resolve()
      state.wake = resolve
      signal?.addEventListener('abort', () => resolve(), { once: true })
    })
  return {
    async ask(prompt, { signal, fresh = false } = {}) {
      open()
      if (fresh) waiting.length = 0
      stderr.write(prompt)
      await ready(signal)
      return signal?.aborted ? undefined : waiting.shift()
    },
    close: () => state.lines?.close(),
  }
}
