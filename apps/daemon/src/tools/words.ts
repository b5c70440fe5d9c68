import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * The words for the model that lie beside a tool: `read.ts` has them in `read.md`. Give it the tool's own `import.meta.url`.
 * The file is read at the first call and kept; a missing file throws then.
 */
export const words = (moduleUrl: string): (() => string) => {
  let text: string | undefined
  return () => (text ??= readFileSync(fileURLToPath(moduleUrl.replace(/\.[cm]?[jt]s$/, '.md')), 'utf8').trim())
}
