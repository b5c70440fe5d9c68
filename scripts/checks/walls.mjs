// Import walls. A checker that sees only part of the tree is green for nothing, so it must have cruised every source file there is.
import { execFileSync, spawnSync } from 'node:child_process'

const sources = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'packages/*.ts', 'apps/*.ts'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && !file.endsWith('.d.ts'))
const tool = 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'
const run = spawnSync(process.execPath, [tool, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'packages', 'apps'], { encoding: 'utf8', maxBuffer: 1 << 28 })
const { modules, summary } = JSON.parse(run.stdout)
const seen = new Set(modules.map(({ source }) => source))
const missed = sources.filter((file) => !seen.has(file))
for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} → ${to}`)
if (missed.length > 0) console.error(`The wall checker did not see ${missed.length} of ${sources.length} files: ${missed.slice(0, 10).join(', ')}`)
console.log(`${sources.length} files, ${summary.totalDependenciesCruised} imports, ${summary.violations.length} offences`)
process.exitCode = missed.length > 0 || summary.violations.length > 0 ? 1 : 0
