import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const at = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/**
 * The folder of the pages for a browser; whoever serves HTTP serves it. The built console where it has been built, else a page that logs in and says how the
 * daemon does.
 */
export function pagesRoot(): string {
  const console = at('../../../apps/console/dist')
  return existsSync(`${console}/index.html`) ? console : at('../static')
}
