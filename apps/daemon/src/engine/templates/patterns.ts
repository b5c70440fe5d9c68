const longest = 1_000
const opens = String.raw`(?<open>\((?:\?:|\?<\w+>|(?!\?)))`
const atom = String.raw`(?<atom>\)|\\[^1-9k]|\[(?:\\[^]|[^\]\\])*\]|[^\\[(){|*+?])`
const times = String.raw`(?<times>(?:[*+?]|\{\d+(?:,\d*)?\})\??)?`
const unit = `${opens}|(?<either>\\|)|${atom}${times}`

/**
 * How the time that a pattern may take grows with a text: the power of the text's length, Infinity where it may grow without bound (a repeated group
 * in which something is repeated, optional or alternative; a reference back; a look ahead or behind). It errs to the safe side, and runs nothing.
 */
export function growthOf(pattern: string): number {
  if (pattern.length > longest) return Infinity
  let growth = pattern.startsWith('^') ? 0 : 1
  /** For each group that is open: whether it can match in more than one way. */
  const ambiguous = [false]
  const reader = new RegExp(unit, 'y')
  while (reader.lastIndex < pattern.length) {
    const found = reader.exec(pattern)?.groups
    if (found === undefined) return Infinity
    if (found['open'] !== undefined) {
      ambiguous.push(false)
      continue
    }
    const inner = found['atom'] === ')' ? ambiguous.pop() === true : false
    const repeated = found['times'] ?? ''
    const isVariable = repeated !== '' && !/^\{\d+\}/.test(repeated)
    if (ambiguous.length === 0 || (inner && repeated !== '' && !repeated.startsWith('?'))) return Infinity
    if (isVariable && !repeated.startsWith('?')) growth += 1
    if (inner || isVariable || found['either'] !== undefined) ambiguous[ambiguous.length - 1] = true
  }
  return Math.max(growth, 1)
}
