import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const at = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/**
 * The folder of the pages for a browser; whoever serves HTTP serves it. The built console where it has been built, else a page that logs in and says how the
 * daemon does.
 */
export const pagesRoot = (built = at('../../../apps/console/dist')): string => (existsSync(path.join(built, 'index.html')) ? built : at('../static'))
