export interface ReadResult {
  /** The file's lines as they are, without line numbers or remarks of the tool. */
  readonly content: string
  /** What the tool says of the reading in its last line, without the brackets; null when it says nothing. */
  readonly statement: string | null
  readonly totalLines: number | null
  /** Nothing of the file was left out. */
  readonly isWhole: boolean
}
/** Takes the words of a reading tool apart: a last line in brackets is its remark, and numbers before every line are not the file's. */
export function readResult(text: string): ReadResult {
  const remark = /(?:^|\n)\[([^\n]*(?:: lines \d+-\d+ of [\d,]+[^\n]*| is empty|^Cut: [^\n]*|limits\.outputBytes[^\n]*))\]\s*$/.exec(text)
  const statement = remark?.[1] ?? null
  const body = remark ? text.slice(0, remark.index + (remark[0].startsWith('\n') ? 1 : 0)) : text
  const range = /: lines (\d+)-(\d+) of ([\d,]+)/.exec(statement ?? '')
  const total = range ? Number(range[3]?.replaceAll(',', '')) : null
  const isWhole =
    statement === null ||
    statement.endsWith(' is empty') ||
    (range !== null && range[1] === '1' && Number(range[2]) === total && !statement.includes(' is cut'))
  const isNoText = /^\S.* is (?:a binary file|a picture) \(/.test(body) && !body.includes('\n')
  if (isNoText) return { content: '', statement: body, totalLines: null, isWhole: true }
  return { content: unnumbered(body), statement, totalLines: total, isWhole }
}
function unnumbered(text: string): string {
  const ending = text.endsWith('\n') ? '\n' : ''
  const lines = (ending ? text.slice(0, -1) : text).split('\n')
  const parts = lines.map((line) => /^\s*(\d+)(?:\t|→)(.*)$/.exec(line))
  const first = Number(parts[0]?.[1])
  const isNumbered = lines.length > 0 && parts.every((part, index) => part !== null && Number(part[1]) === first + index)
  return isNumbered ? parts.map((part) => part?.[2] ?? '').join('\n') + ending : text
}
