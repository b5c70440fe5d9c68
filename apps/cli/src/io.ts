import type { ReadStream, WriteStream } from 'node:tty'
import type { Readable, Writable } from 'node:stream'

/** The streams a command talks over. */
export interface Io {
  readonly stdin: Readable & { isTTY?: boolean }
  readonly stdout: Writable & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>
  readonly stderr: Writable & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>
  /** A person is there to be asked. */
  readonly canAsk: boolean
}
/** The process's own streams. A reader of the output that goes away (`| head`) ends the command without a word. */
export function processIo(): Io {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      process.exit(error.code === 'EPIPE' ? 0 : 1)
    })
  const stdin: ReadStream = process.stdin
  return { stdin, stdout: process.stdout, stderr: process.stderr, canAsk: stdin.isTTY === true && process.stderr.isTTY === true }
}
/** All of a stream as text. */
export async function readAll(stream: AsyncIterable<Uint8Array | string>): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(Buffer.from(part))
  return Buffer.concat(parts).toString('utf8')
}
