import path from 'node:path'

export interface Token {
  /** A literal character, or null for `*`. */
  readonly char: string | null
}
/** Splits a pattern into characters and stars; a backslash makes the next character literal. */
export function tokens(pattern: string): Token[] {
  const list: Token[] = []
  for (let at = 0; at < pattern.length; at++) {
    if (pattern[at] === '\\' && at + 1 < pattern.length) list.push({ char: pattern.charAt(++at) })
    else list.push({ char: pattern[at] === '*' ? null : pattern.charAt(at) })
  }
  return list
}
/** Writes text so that a pattern means exactly it. */
export const escapeGlob = (text: string): string => text.replace(/[\\*?]/g, '\\$&')

/** Whole-text match; `*` is any text, also empty, also over lines. Time is at most length × length. */
export function matchTokens(glob: readonly Token[], text: string): boolean {
  let at = 0
  let from = 0
  let star = -1
  let retry = 0
  while (at < text.length) {
    const token = glob[from]
    if (token?.char === null) {
      star = from++
      retry = at
    } else if (token && token.char === text[at]) {
      from++
      at++
    } else if (star >= 0) {
      from = star + 1
      at = ++retry
    } else return false
  }
  while (from < glob.length && glob[from]?.char === null) from++
  return from === glob.length
}

function matchSegments(pattern: readonly string[], segments: readonly string[]): boolean {
  // reach[j]: the pattern so far can end before segment j.
  let reach = segments.map(() => false).concat(false)
  reach[0] = true
  for (const part of pattern) {
    const next = reach.map(() => false)
    if (part === '**') {
      let any = false
      reach.forEach((can, j) => (next[j] = any ||= can))
    } else {
      const glob = tokens(part)
      segments.forEach((segment, j) => (next[j + 1] = reach[j] === true && matchTokens(glob, segment)))
    }
    reach = next
  }
  // What matches a folder matches all in it.
  return reach.some(Boolean)
}

const split = (pattern: string, separator = '/'): string[] => pattern.split(separator).filter((part) => part !== '' && part !== '.')

/**
 * A gitignore-like glob against an absolute path: `*.ts` by any segment, `src/*.ts` and `./a.ts` from the workspace, `/etc/**` absolute; what matches a
 * folder covers all in it; a trailing slash is the same. `anywhere` lets patterns without a slash match outside of the workspace too.
 */
export function matchPath(pattern: string, file: string, workspace: string, anywhere: boolean): boolean {
  const normal = path.normalize(file)
  if (path.isAbsolute(pattern)) return matchSegments(split(path.posix.normalize(pattern)), split(normal, path.sep))
  const relative = path.relative(workspace, normal)
  const inside = !path.isAbsolute(relative) && relative.split(path.sep)[0] !== '..'
  if (pattern.replace(/\/$/, '').includes('/')) return inside && matchSegments(split(pattern), split(relative, path.sep))
  if (!inside && !anywhere) return false
  return matchSegments(['**', ...split(pattern)], split(inside && !anywhere ? relative : normal, path.sep)) || (inside && split(pattern)[0] === '*')
}

/** A host glob (`example.com`, `*.example.com`, `localhost:3000`) or a URL prefix that ends at a segment's edge (`https://api.example.com/v1`). */
export function matchUrl(pattern: string, url: string): boolean {
  const parsed = URL.parse(url)
  if (!parsed) return false
  if (!pattern.includes('://')) {
    const host = parsed.hostname.replace(/\.$/, '')
    const glob = tokens(pattern.toLowerCase())
    return matchTokens(glob, host) || (parsed.port !== '' && matchTokens(glob, `${host}:${parsed.port}`))
  }
  const prefix = URL.parse(pattern.replace(/\*$/, ''))
  if (!prefix || prefix.origin !== parsed.origin || prefix.protocol !== parsed.protocol) return false
  const base = prefix.pathname.replace(/\/$/, '')
  return parsed.pathname === prefix.pathname || parsed.pathname === base || parsed.pathname.startsWith(`${base}/`)
}
