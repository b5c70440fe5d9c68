import { matchesGlob } from 'node:path/posix'
import { ToolError } from '../tool.ts'

/** Stands for the dot of a hidden name: it lets wildcards match hidden names too, which they do not by themselves. */
const hiddenDot = '\uE000'

const refused = (pattern: string): string | null => {
  if (pattern.startsWith('!')) return 'must not begin with "!"'
  if (pattern.split('/').includes('..')) return 'must not contain ".."; give the folder as path'
  if (pattern.split('/').some((segment) => (segment.match(/\*+/g) ?? []).length > 5) || (pattern.match(/\*+/g) ?? []).length > 20)
    return 'has too many wildcards'
  if ((pattern.match(/\{/g) ?? []).length > 4 || (pattern.match(/,/g) ?? []).length > 64 || /\{[^{}]*\.\.[^{}]*\}/.test(pattern))
    return 'has too many alternatives in braces, or a range'
  return null
}

/**
 * A test for paths with `/` relative to the searched folder. Understands `*`, `?`, `**`, `[abc]` and `{a,b}`; a pattern without `/` matches the name at any depth.
 * Hidden names are matched. Throws ToolError for a pattern that could take long or leaves the folder.
 */
export const globMatcher = (pattern: string): ((path: string) => boolean) => {
  const why = refused(pattern)
  if (why !== null) throw new ToolError('invalid', `The pattern ${JSON.stringify(pattern)} ${why}.`)
  const anchored = pattern.replace(/^\.?\/+/, '')
  const full = pattern.includes('/') ? anchored : `**/${anchored}`
  return (path) => matchesGlob(path, full) || (/(^|\/)\./.test(path) && matchesGlob(path.replace(/(^|\/)\./g, `$1${hiddenDot}`), full))
}
