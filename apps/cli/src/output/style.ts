/** How a stream is written to. */
export interface Style {
  dim(text: string): string
  bold(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
}
interface Stream {
  readonly isTTY?: boolean
}
/** Colour only at a terminal, and never against NO_COLOR (no-color.org) or TERM=dumb. */
const hasColour = (stream: Stream, env: NodeJS.ProcessEnv = process.env): boolean =>
  stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb'

/** Styles for a stream; without colour they give the text as it is. */
export function styleFor(stream: Stream, env: NodeJS.ProcessEnv = process.env): Style {
  const on = hasColour(stream, env)
  const wrap = (open: number, close: number) => (text: string) => (on ? `\u001b[${open}m${text}\u001b[${close}m` : text)
  return { dim: wrap(2, 22), bold: wrap(1, 22), red: wrap(31, 39), green: wrap(32, 39), yellow: wrap(33, 39) }
}
