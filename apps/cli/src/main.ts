import { processIo, type Io } from './io.ts'
import { version } from './version.ts'

/** The first words that tell which commands must be known; a version needs none of them. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const [noun, verb] = argv
  if (noun === '--version' || noun === '-V') {
    io.stdout.write(`${version()}\n`)
    return 0
  }
  const { dispatch } = await import('./dispatch.ts')
  return dispatch(argv, noun, verb, io)
}

process.exitCode = await main(process.argv.slice(2), processIo())
