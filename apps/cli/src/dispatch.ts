import { CommanderError } from 'commander'
import { exitCodes } from './exit-codes.ts'
import type { Io } from './io.ts'
import { plainArguments } from './operations/arguments.ts'
import { verbsOf } from './operations/commands.ts'
import { fieldsOf } from './operations/fields.ts'
import { readOutline } from './operations/outline.ts'
import { operationNamed, shortNames } from './operations/spelling.ts'
import { writeFault } from './output/fault.ts'
import { styleFor } from './output/style.ts'
import { createProgram } from './program.ts'

/** Carries out one command line and answers its exit code. Whatever goes wrong is told in a sentence on stderr. */
export async function dispatch(argv: readonly string[], noun: string | undefined, verb: string | undefined, io: Io): Promise<number> {
  const outline = await readOutline()
  const { operations } = outline
  const nouns = new Map(Object.keys(operations).map((name) => [name.split('.')[0] ?? name, verbsOf(operations, name.split('.')[0] ?? name)]))
  if (noun === undefined || noun === 'help') {
    const { overview } = await import('./overview.ts')
    io.stdout.write(overview(nouns, shortNames(operations), styleFor(io.stdout)))
    return exitCodes.ok
  }
  let exitCode: number = exitCodes.ok
  const operation = operationNamed(operations, noun, verb)
  const program = createProgram(io, outline, (code) => (exitCode = code), nouns.has(noun) || operation ? noun : undefined)
  try {
    await program.parseAsync(operation ? plainArguments(fieldsOf(operation), argv) : argv, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    return writeFault(io.stderr, error, argv.includes('--json') || argv.includes('--json-output'))
  }
}
