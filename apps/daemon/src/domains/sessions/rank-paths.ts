const separates = (char: string | undefined) => char === undefined || /[/._\- ]/.test(char)

/** How well a path fits: higher is better, null where a letter of the query is not in it, in order. Both are in lower case but for `original`. */
function fit(query: string, path: string, original: string): number | null {
  const nameAt = path.lastIndexOf('/') + 1
  const name = path.slice(nameAt)
  const depth = path.split('/').length
  if (name === query || path === query) return 1_000 - depth
  if (name.startsWith(query)) return 800 - depth - name.length / 100
  const inName = name.indexOf(query)
  if (inName > 0) return (separates(name[inName - 1]) ? 700 : 600) - depth - name.length / 100
  const inPath = path.indexOf(query)
  if (inPath >= 0) return (separates(path[inPath - 1]) ? 500 : 400) - depth
  let score = 0
  let at = path.length
  // From the end on: the letters belong to the name of the file before they belong to its folders.
  for (let n = query.length - 1; n >= 0; n--) {
    at = path.lastIndexOf(query[n] ?? '', at - 1)
    if (at < 0 || (at === 0 && n > 0)) return null
    const begins = separates(path[at - 1]) || (/[A-Z]/.test(original[at] ?? '') && !/[A-Z]/.test(original[at - 1] ?? ''))
    score += (begins ? 8 : 1) + (at >= nameAt ? 2 : 0)
  }
  return Math.min(390, score) - depth
}
/**
 * The paths that fit a query, best first: the name of the file counts more than its folders, the beginning of a word more than its middle.
 * Letters may be left out (`cmpo` finds `composer.ts`). Without a query those nearest to the root come first.
 */
export function rankPaths(paths: readonly string[], query: string, limit: number): string[] {
  const wanted = query
    .toLowerCase()
    .replaceAll('\\', '/')
    .replace(/^\.?\//, '')
  const scored: { path: string; score: number }[] = []
  for (const path of paths) {
    const score = wanted === '' ? -path.split('/').length : fit(wanted, path.toLowerCase(), path)
    if (score !== null) scored.push({ path, score })
  }
  return scored
    .toSorted((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
    .slice(0, limit)
    .map(({ path }) => path)
}
