// The files of the working tree that git knows or would take up, in the folder a check runs in.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Paths relative to the working folder, for git path patterns such as `packages/*.ts` (`*` matches across folders). Throws when this is no git tree. */
export function sources(...patterns) {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...patterns], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  return [...new Set(listed.split('\n'))].filter((file) => file !== '' && existsSync(file)).toSorted()
}
