type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'
type LineEnding = '\n' | '\r\n'
/** A text file as its characters and what is needed to write it back the way it was. */
export interface TextFile {
  readonly text: string
  readonly encoding: Encoding
  readonly bom: boolean
}

const starts = (bytes: Uint8Array, ...mark: number[]): boolean => mark.every((byte, index) => bytes[index] === byte)

const decoded = (bytes: Uint8Array, encoding: Encoding, markLength: number): TextFile | null => {
  try {
    const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes.subarray(markLength))
    return { text, encoding, bom: markLength > 0 }
  } catch {
    return null
  }
}

/** Reads bytes as text: UTF-16 by its byte order mark, else UTF-8. Null when they are no text (a NUL byte, or not valid in the encoding). */
export const decodeText = (bytes: Uint8Array): TextFile | null => {
  if (starts(bytes, 0xff, 0xfe)) return decoded(bytes, 'utf-16le', 2)
  if (starts(bytes, 0xfe, 0xff)) return decoded(bytes, 'utf-16be', 2)
  if (bytes.includes(0)) return null
  return decoded(bytes, 'utf-8', starts(bytes, 0xef, 0xbb, 0xbf) ? 3 : 0)
}

/** Writes text in the encoding, and with the byte order mark, of `like`. */
export const encodeText = (text: string, like: Pick<TextFile, 'encoding' | 'bom'>): Uint8Array => {
  const marked = like.bom ? `\uFEFF${text}` : text
  if (like.encoding === 'utf-8') return Buffer.from(marked, 'utf8')
  const bytes = Buffer.from(marked, 'utf16le')
  return like.encoding === 'utf-16be' ? bytes.swap16() : bytes
}

/** How most lines of the text end. Null when it has no line ending at all. */
export const lineEndingOf = (text: string): LineEnding | null => {
  const all = text.split('\n').length - 1
  if (all === 0) return null
  const windows = text.split('\r\n').length - 1
  return windows * 2 > all ? '\r\n' : '\n'
}

/** Gives a text that only has plain `\n` the line endings of the file it goes into. A text with `\r\n` of its own stays as it is. */
export const withLineEnding = (text: string, ending: LineEnding | null): string =>
  ending === '\r\n' && !text.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text

/** The lines with their endings. An ending at the end of the text starts no further line; an empty text has none. */
export const linesOf = (text: string): string[] => {
  const lines = text.split('\n').map((line, index, all) => (index < all.length - 1 ? `${line}\n` : line))
  if (lines.at(-1) === '') lines.pop()
  return lines
}

const images: readonly (readonly [string, readonly number[], number])[] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47], 0],
  ['image/jpeg', [0xff, 0xd8, 0xff], 0],
  ['image/gif', [0x47, 0x49, 0x46, 0x38], 0],
  ['image/webp', [0x57, 0x45, 0x42, 0x50], 8],
  ['image/bmp', [0x42, 0x4d], 0],
]
/** The media type of a picture by its first bytes; null for anything else. */
export const imageType = (bytes: Uint8Array): string | null => images.find(([, mark, offset]) => starts(bytes.subarray(offset), ...mark))?.[0] ?? null
