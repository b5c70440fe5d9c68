import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff/lib/patch/create.js'
import { boundHead } from './bounds.ts'

/** No preview is longer. */
const diffBytes = 64 * 1024

/** One file's change: null for a file that is not there before, or not there after. */
export interface FileChange {
  readonly path: string
  readonly newPath?: string
  readonly before: string | null
  readonly after: string | null
}

const one = ({ path, newPath = path, before, after }: FileChange): string => {
  if (before === after && path === newPath) return ''
  const [from, to] = [before === null ? '/dev/null' : `a/${path}`, after === null ? '/dev/null' : `b/${newPath}`]
  const options = { context: 3, timeout: 1000, headerOptions: FILE_HEADERS_ONLY }
  const text = createTwoFilesPatch(from, to, before ?? '', after ?? '', undefined, undefined, options)
  return text ?? `--- ${from}\n+++ ${to}\n[The two versions differ too much to be compared in a second.]\n`
}

/** The changes as one unified diff of at most 64 KB; a cut is stated in it. Empty when nothing changes. */
export const unifiedDiff = (changes: readonly FileChange[]): string =>
  boundHead(changes.map(one).join(''), diffBytes, 'The diff is longer than 64 KB.')
