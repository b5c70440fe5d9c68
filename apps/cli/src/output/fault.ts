import { Fault } from '@steward/contract'
import { exitCodeOf, exitCodes } from '../exit-codes.ts'
import { clean } from './clean.ts'
import { styleFor } from './style.ts'

interface Out {
  write(text: string): unknown
  readonly isTTY?: boolean
}
/** Writes what went wrong as one sentence (as JSON where that was asked for) and gives the exit code. */
export function writeFault(out: Out, error: unknown, asJson: boolean): number {
  const fault =
    error instanceof Fault ? error : new Fault('internal', error instanceof Error ? error.message : String(error), undefined, { cause: error })
  if (asJson) out.write(`${JSON.stringify({ error: fault.toJSON() })}\n`)
  else out.write(`${styleFor(out).red(clean(fault.message))}\n`)
  if (!(error instanceof Fault) && process.env['STEWARD_DEBUG'] && error instanceof Error) out.write(`${error.stack}\n`)
  return error instanceof Fault ? exitCodeOf(error) : exitCodes.failed
}
