// The tests of the socket must run most lines of its code: each file by itself, and all together. A file that never ran is red, not absent.
//   node scripts/checks/coverage.mjs                                    the code of IPC
//   node scripts/checks/coverage.mjs --of FILE --of FILE -- COMMAND …   other code, run by another command
import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { lineCoverage, readRuns } from './line-coverage.mjs'

const leastPercent = 80
const doors = ['behalf', 'bytes', 'credit', 'delegates', 'frame', 'frames', 'intake', 'ipc', 'lines'].map(
  (name) => `packages/kernel/src/doors/${name}.ts`,
)
const ours = () => [
  ...doors,
  ...globSync(['packages/client/src/frame-*.ts', 'packages/client/src/node/*.ts']).filter((file) => !/(\.test|\/index)\.ts$/.test(file)),
]
const { values, positionals } = parseArgs({ options: { of: { type: 'string', multiple: true } }, allowPositionals: true })
const files = (values.of ?? ours()).toSorted()
const command = positionals.length > 0 ? positionals : ['node_modules/vitest/vitest.mjs', 'run', '--config', 'scripts/coverage.config.ts']

const folder = mkdtempSync(path.join(tmpdir(), 'steward-coverage-'))
const env = { ...process.env, NODE_V8_COVERAGE: folder }
const run = spawnSync(process.execPath, command, { env, encoding: 'utf8', maxBuffer: 1 << 28 })
const rows = readRuns(folder, files).map(({ file, processes }) => ({ file, ...lineCoverage(file, processes) }))
rmSync(folder, { recursive: true, force: true })
if (run.status !== 0) console.error(`The tests failed:\n${run.stdout}${run.stderr}`)

const percent = ({ lines, missed }) => (lines === 0 ? 100 : ((lines - missed.length) / lines) * 100)
const all = { file: 'all', lines: rows.reduce((sum, { lines }) => sum + lines, 0), missed: rows.flatMap(({ missed }) => missed) }
const width = Math.max(...files.map((file) => file.length))
for (const row of [...rows, all])
  console.log(
    `${row.file.padEnd(width)} ${percent(row).toFixed(1).padStart(6)} %  ${row === all ? `${row.lines} lines` : row.missed.join(' ')}`.trimEnd(),
  )
const low = [...rows, all].filter((row) => percent(row) < leastPercent)
for (const row of low) console.error(`Less than ${leastPercent} % of the lines of ${row.file} are run by tests.`)
process.exitCode = run.status !== 0 || low.length > 0 || files.length === 0 ? 1 : 0
