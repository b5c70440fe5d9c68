import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client'
import type { Ending, PipedChild } from '../processes/child.ts'
import { readGently } from '../processes/child.ts'
import { createBoundedLog, createLineReader } from './lines.ts'

const longestLine = 16 * 1024 * 1024
/** Some servers print a line by mistake. One that says nothing else is none. */
const mostStrayLines = 20
const silentMs = 300

/** A transport, why it ended, and how to end it for good. */
export interface Link {
  readonly transport: Transport
  /** Why it ended, as a sentence; null while it lives or when it was closed from here. */
  why(): string | null
  /** Ends it; resolves when nothing of it is left. Never rejects. */
  close(): Promise<void>
}

/**
 * MCP over the streams of a child: one JSON-RPC message a line. Lines that are none are logged; after 20 of them in a row, or after one of
 * more than 16 MiB, the child is ended. stderr goes to `log`, bounded.
 */
export function createStdioLink(child: PipedChild, parse: (line: string) => JSONRPCMessage, log: (text: string) => void): Link {
  const stderr = createBoundedLog(log)
  const strays = createBoundedLog(log)
  let silent: NodeJS.Timeout | undefined
  let reason: string | null = null
  let over = false
  let stray = 0

  const finish = (why: string | null): void => {
    if (over) return
    over = true
    reason = why
    clearTimeout(silent)
    child.stdin.end()
    child.stop()
    transport.onclose?.()
  }
  const onLine = (line: string): void => {
    if (over || line.trim() === '') return
    try {
      const message = parse(line)
      stray = 0
      transport.onmessage?.(message)
    } catch {
      stray += 1
      strays.push(Buffer.from(`[not a message of the protocol: ${line.slice(0, 200)}]\n`))
      if (stray >= mostStrayLines) finish('It does not speak MCP: what it prints on stdout are no messages of the protocol.')
    }
  }
  const lines = createLineReader(longestLine, onLine)
  const transport: Transport = {
    async start() {
      readGently(child.stdout, (chunk) => {
        if (!over && !lines.push(chunk)) finish('It sent a line of more than 16 MiB, which is not read.')
      })
      readGently(child.stderr, (chunk) => stderr.push(chunk))
      // Its end is told better by its exit code, which comes right after.
      child.stdout.once('end', () => {
        if (!over) silent = setTimeout(() => finish('It closed its output.'), silentMs)
      })
      void child.ended.then(ended)
    },
    send: (message) =>
      new Promise((resolve, reject) => {
        if (over) return reject(new Error('The server has ended.'))
        child.stdin.write(`${JSON.stringify(message)}\n`, (error) => (error ? reject(error) : resolve()))
      }),
    async close() {
      finish(null)
      await child.ended
    },
  }
  const ended = (ending: Ending): void => finish(endingWords(ending, stderr.tail()))
  return { transport, why: () => reason, close: () => transport.close() }
}

function endingWords({ exitCode, signal, notBegun }: Ending, said: string): string {
  const how = notBegun
    ? 'It could not be started in the sandbox.'
    : exitCode === null
      ? `It was ended by ${signal ?? 'the system'}.`
      : `It ended with exit code ${exitCode}.`
  return said === '' ? how : `${how} It said last: ${said}`
}
