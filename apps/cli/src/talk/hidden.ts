import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { Fault } from '@steward/contract'
import type { Io } from '../io.ts'

/** Asks for a line at the terminal without showing what is typed. Throws Fault `invalid` when the person gives up. */
export async function askHidden(prompt: string, io: Io): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: io.stdin, output: nowhere, terminal: true })
  // The terminal echoes no more from here on: only now may it be seen that something is asked.
  io.stderr.write(prompt)
  try {
    return await new Promise<string>((resolve, reject) => {
      const givenUp = () => reject(new Fault('invalid', 'Nothing was given.'))
      lines.once('line', resolve)
      lines.once('SIGINT', givenUp)
      lines.once('close', givenUp)
    })
  } finally {
    lines.close()
    io.stderr.write('\n')
  }
}
