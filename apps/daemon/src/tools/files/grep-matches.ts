import { z } from 'zod'
import { cutAround } from '../bounds.ts'

/** Longer lines are cut around the match. */
const lineLength = 300

const Text = z.union([z.object({ text: z.string() }), z.object({ bytes: z.string() })])
const Line = z.object({
  type: z.enum(['match', 'context']),
  data: z.object({ path: Text, lines: Text, line_number: z.number().nullable(), submatches: z.array(z.object({ start: z.number() })) }),
})
/** One line of a search's answer. */
export interface FoundLine {
  readonly path: string
  readonly line: number
  readonly text: string
  readonly match: boolean
}

const textOf = (value: z.infer<typeof Text>): string => ('text' in value ? value.text : Buffer.from(value.bytes, 'base64').toString('utf8'))

const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

/** Reads ripgrep's JSON lines. A line cut off by an output limit is left out. Paths are as ripgrep gives them. */
export const foundLines = (stdout: string): FoundLine[] => {
  const found: FoundLine[] = []
  for (const json of stdout.split('\n')) {
    if (!json.startsWith('{"type":"match"') && !json.startsWith('{"type":"context"')) continue
    const line = Line.safeParse(parsed(json))
    if (!line.success) continue
    const { type, data } = line.data
    const whole = textOf(data.lines).replace(/\r?\n$/, '')
    const start = data.submatches[0]?.start ?? 0
    /** ripgrep counts bytes; for a long line a cut needs characters. */
    const at = whole.length > lineLength && start > 0 ? Buffer.from(whole, 'utf8').toString('utf8', 0, start).length : 0
    found.push({
      path: textOf(data.path),
      line: data.line_number ?? 0,
      text: cutAround(whole, at, lineLength),
      match: type === 'match',
    })
  }
  return found
}
