// Import walls. A checker that sees only part of the tree is green for nothing, so it must have cruised every source file there is.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { sources } from './sources.mjs'

const files = sources('packages/*.ts', 'apps/*.ts', 'apps/*.tsx').filter((file) => !file.endsWith('.d.ts'))
const tool = fileURLToPath(new URL('../../node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', import.meta.url))
const args = [tool, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'packages', 'apps']
const run = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 })
if (!run.stdout.startsWith('{')) throw new Error(`dependency-cruiser did not run: ${run.stderr || run.stdout || run.error}`)
const { modules, summary } = JSON.parse(run.stdout)
const seen = new Set(modules.map(({ source }) => source))
const missed = files.filter((file) => !seen.has(file))
for (const { rule, from, to, cycle } of summary.violations) {
  console.error(`${rule.name}: ${from} → ${cycle ? cycle.map(({ name }) => name).join(' → ') : to}`)
}
if (missed.length > 0) console.error(`The wall checker did not see ${missed.length} of ${files.length} files: ${missed.slice(0, 10).join(', ')}`)
console.log(`${files.length} files seen, ${summary.totalDependenciesCruised} imports, ${summary.violations.length} offences`)
process.exitCode = missed.length > 0 || files.length === 0 || summary.violations.length > 0 ? 1 : 0
