/** The words of a command line: parted by blanks, kept together by single or double quotes, a backslash takes the next letter as it is. No shell's other signs are read. */
export function wordsOf(line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quote: string | undefined
  for (let at = 0; at < line.length; at++) {
    const letter = line[at] ?? ''
    if (letter === '\\' && quote !== "'" && at + 1 < line.length) {
      at += 1
      word = (word ?? '') + (line[at] ?? '')
    } else if (quote === undefined && /\s/.test(letter)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (letter === quote) quote = undefined
    else if (quote === undefined && (letter === '"' || letter === "'")) {
      quote = letter
      word ??= ''
    } else word = (word ?? '') + letter
  }
  return word === undefined ? words : [...words, word]
}
/** Names and values, one pair a line, parted by the first `sign`. Answers the first line that has no name instead, where there is one. */
export function pairsOf(lines: string, sign: '=' | ':'): { readonly pairs: Record<string, string> } | { readonly wrong: string } {
  const pairs: Record<string, string> = {}
  for (const line of lines.split('\n').map((one) => one.trim())) {
    if (line === '') continue
    const at = line.indexOf(sign)
    if (at < 1) return { wrong: line }
    pairs[line.slice(0, at).trim()] = line.slice(at + 1).trim()
  }
  return { pairs }
}
