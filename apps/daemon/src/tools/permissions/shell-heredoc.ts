import type { Piece } from './shell-tree.ts'

/**
 * Checks a here-document against the shell's own rule, POSIX 2.7.4: it ends at the first line that is the delimiter alone. A sentence where the grammar
 * may see another end than the shell, so that what follows might run; null where both agree.
 */
export function heredocTrouble(line: string, redirect: Piece): string | null {
  const start = redirect.children.find((child) => child.type === 'heredoc_start')
  const end = redirect.children.find((child) => child.type === 'heredoc_end')
  if (!start || !end) return 'a here-document without its end'
  if ((line.match(/<</g) ?? []).length - 2 * (line.match(/<<</g) ?? []).length > 1) return 'more than one here-document'
  const delimiter = /^(?:([A-Za-z_]\w*)|'([A-Za-z_]\w*)'|"([A-Za-z_]\w*)")$/.exec(line.slice(start.start, start.end))
  const word = delimiter?.[1] ?? delimiter?.[2] ?? delimiter?.[3]
  if (word === undefined) return 'a here-document with an unusual delimiter'
  const tabs = line.slice(redirect.start, start.start).includes('<<-')
  const bodyAt = line.indexOf('\n', start.end) + 1
  if (bodyAt === 0 || /['"`\\(]/.test(line.slice(start.end, bodyAt))) return 'a here-document with quotes after its delimiter'
  for (let at = bodyAt; at < line.length;) {
    const stop = line.indexOf('\n', at)
    const text = line.slice(at, stop < 0 ? line.length : stop)
    if ((tabs ? text.replace(/^\t+/, '') : text) === word) {
      const begins = at + (text.length - word.length)
      return begins === end.start && begins + word.length === end.end ? null : 'a here-document that does not end where the grammar says'
    }
    if (stop < 0) break
    at = stop + 1
  }
  return 'a here-document without its end'
}
