import type { Io } from '../io.ts'
import { clean, fit, oneLine } from '../output/clean.ts'
import { styleFor, type Style } from '../output/style.ts'
import { duration } from '../output/values.ts'
import { createTextPrinter } from './text-printer.ts'

const told = ['command', 'path', 'pattern', 'url', 'query', 'text'] as const
const marks: Readonly<Record<string, string>> = { completed: '✓', failed: '✗', denied: '⊘', cancelled: '⊘', unknown: '?' }

/** The most telling part of a tool's input, in one line. */
function inputInBrief(input: unknown): string {
  const fields = typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {}
  const key = told.find((name) => typeof fields[name] === 'string')
  return oneLine(key === undefined ? (Object.keys(fields).length === 0 ? '' : JSON.stringify(input)) : String(fields[key]))
}
export interface Screen {
  readonly style: Style
  token(messageId: string, offset: number, text: string): void
  final(messageId: string, text: string): void
  tool(toolId: string, input: unknown, status: string, durationMs: number): void
  /** A line beside the answer, on stderr. */
  note(text: string): void
  /** Keeps everything back while a person is asked, so that nothing runs into the prompt. */
  hold<T>(asking: (write: (text: string) => void) => Promise<T>): Promise<T>
}
/** The answer goes to stdout, all else to stderr. At a terminal, control characters of the text are left out. `quiet`: no answer (its events are printed instead). */
export function createScreen({ stdout, stderr }: Io, quiet = false): Screen {
  const style = styleFor(stderr)
  let held: (() => void)[] | undefined
  const later = (act: () => void) => {
    if (held) held.push(act)
    else act()
  }
  const printer = createTextPrinter((text) => void (quiet || stdout.write(stdout.isTTY === true ? clean(text) : text)))
  const note = (text: string) => {
    if (stdout.isTTY === true) printer.endLine()
    stderr.write(`${text}\n`)
  }
  return {
    style,
    token: (id, offset, text) => later(() => printer.token(id, offset, text)),
    final: (id, text) => later(() => printer.final(id, text)),
    note: (text) => later(() => note(text)),
    tool(toolId, input, status, durationMs) {
      const end = `${marks[status] ?? '·'} ${status} ${duration(durationMs)}`
      const room = Math.max(20, (stderr.columns || 120) - toolId.length - end.length - 5)
      later(() => note(style.dim(`• ${toolId} ${fit(inputInBrief(input), room)} ${end}`)))
    },
    async hold(asking) {
      printer.endLine()
      held = []
      try {
        return await asking((text) => void stderr.write(text))
      } finally {
        const acts = held
        held = undefined
        for (const act of acts) act()
      }
    },
  }
}
