// Small files read better. Over 300 lines needs a reason: a first line `// Long: why this is one file`.
import { readFileSync } from 'node:fs'
import { sources } from './sources.mjs'

const most = 300
const files = sources('packages/*.ts', 'apps/*.ts', 'apps/*.tsx', 'scripts/*.ts', 'test/*.ts').map((file) => {
  const text = readFileSync(file, 'utf8')
  return { file, lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0), reason: /^\/\/ Long: \S.{14,}/.test(text) }
})
const long = files.filter(({ lines, reason }) => lines > most && !reason)
for (const { file, lines } of long) console.error(`${file} has ${lines} lines: split it, or begin it with "// Long: why this is one file"`)
const sorted = files.map(({ lines }) => lines).toSorted((one, other) => one - other)
const at = (share) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
console.log(`${files.length} files, median ${at(0.5)} lines, 90th percentile ${at(0.9)}, longest ${at(1)}, ${long.length} too long`)
process.exitCode = long.length > 0 || files.length === 0 ? 1 : 0
