/** A stretch of untrusted text: as it is, or a sign that would steer the reader, in a shape that can be seen. */
export type Piece = { readonly text: string } | { readonly shown: string; readonly name: string }

/** Terminal sequences of ECMA-48: CSI, then OSC, DCS, SOS, PM and APC with their texts, then two-byte escapes. Unfinished ones at the end go too. */
const terminal =
  // oxlint-disable-next-line no-control-regex
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*(?:[@-~]|$)|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]{0,4096}(?:\u0007|\u001b\\|\u009c|$)|\u001b[ -/]*[0-Z\\`-~]/g
/** Controls but tab and newline, direction marks, and signs without width.  */
const hidden =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class -- each is meant by itself
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]/u
const names: Readonly<Record<number, string>> = {
  0x61c: 'ALM',
  0xad: 'SHY',
  0x200b: 'ZWSP',
  0x200c: 'ZWNJ',
  0x200d: 'ZWJ',
  0x200e: 'LRM',
  0x200f: 'RLM',
  0x2028: 'LSEP',
  0x2029: 'PSEP',
  0x202a: 'LRE',
  0x202b: 'RLE',
  0x202c: 'PDF',
  0x202d: 'LRO',
  0x202e: 'RLO',
  0x2060: 'WJ',
  0x2066: 'LRI',
  0x2067: 'RLI',
  0x2068: 'FSI',
  0x2069: 'PDI',
  0xfeff: 'BOM',
}
/** Before these a joiner is part of how they are written: emoji, and the scripts whose letters join. */
const joins =
  /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f|[\p{scx=Arab}\p{scx=Deva}\p{scx=Beng}\p{scx=Mlym}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Sinh}]/u
const joiner = /[\u200c\u200d]/

/** Takes terminal sequences out; lines end in newlines only. */
export const withoutTerminal = (text: string): string => text.replace(terminal, '').replaceAll('\r\n', '\n')
/** Whether a text holds a sign that is not shown by itself. */
const hasHidden = (text: string): boolean => hidden.test(text)
/** How a hidden sign is shown: a control by its picture, anything else by its short name or number. */
function shownAs(point: number): { readonly shown: string; readonly name: string } {
  const name = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
  if (point < 0x20) return { shown: String.fromCodePoint(0x2400 + point), name }
  if (point === 0x7f) return { shown: '\u2421', name }
  return { shown: `\u27e8${names[point] ?? name}\u27e9`, name }
}
/** Splits a text, free of terminal sequences, at its hidden signs. A text without any is one piece. */
export function pieces(text: string): readonly Piece[] {
  if (!hasHidden(text)) return [{ text }]
  const found: Piece[] = []
  let plain = ''
  let before = ''
  for (const sign of text) {
    if (!hidden.test(sign) || (joiner.test(sign) && joins.test(before))) plain += sign
    else {
      if (plain !== '') found.push({ text: plain })
      plain = ''
      found.push(shownAs(sign.codePointAt(0) ?? 0))
    }
    before = sign
  }
  if (plain !== '') found.push({ text: plain })
  return found
}
/** The text in one line, without anything hidden: for names in titles and labels. */
export const oneLine = (text: string): string =>
  pieces(withoutTerminal(text))
    .map((piece) => ('text' in piece ? piece.text : piece.shown))
    .join('')
    .replaceAll(/\s+/g, ' ')
    .trim()
