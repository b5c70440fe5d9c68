/** Control and bidi-override characters, but for tab and newline: what could move the cursor, recolour or disguise. */
const unsafe = /(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu

/** Text that is safe to show at a terminal: whoever wrote it cannot drive the terminal with it. */
export const clean = (text: string): string => text.replace(/\r\n/g, '\n').replace(unsafe, '')
/** The same on one line. */
export const oneLine = (text: string): string => clean(text).replace(/\s+/g, ' ').trim()

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u
const marks = /^[\p{M}\p{Cf}]$/u
/** Columns that a text takes at a terminal. */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += marks.test(character) ? 0 : wide.test(character) ? 2 : 1
  return width
}
/** Cuts a text to so many columns, with … in place of what is lost. */
export function fit(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let kept = ''
  let width = 1
  for (const character of text) {
    width += widthOf(character)
    if (width > columns) break
    kept += character
  }
  return `${kept}…`
}
export const pad = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - widthOf(text)))
