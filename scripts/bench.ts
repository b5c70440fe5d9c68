// Measures Steward against what it aims at, prints a table and writes .bench/latest.json. Never fails for a figure.
//   npm run bench                     everything
//   npm run bench -- start calls      some of it
//   npm run bench -- --save           everything, kept as docs/benchmark.json and put into README.md
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { measureCalls, measureReaders } from './bench/calls.ts'
import { measureCommits } from './bench/commits.ts'
import { measureCommandLine } from './bench/command-line.ts'
import { measureExecutions } from './bench/executions.ts'
import { measureGateway } from './bench/gateway.ts'
import { judge, tableOf, type Figure, type Row } from './bench/figures.ts'
import { measureIpc } from './bench/ipc.ts'
import { measureLists } from './bench/lists.ts'
import { measureLogs } from './bench/logs.ts'
import { lookAtMachine, machineLine } from './bench/machine.ts'
import { measureMemory } from './bench/memory.ts'
import { measureMemorySearch } from './bench/memory-search.ts'
import { measureAnswers, measureParallel, measureTool } from './bench/models.ts'
import { root } from './bench/place.ts'
import { measureStart } from './bench/start.ts'
import { measureTasks } from './bench/tasks.ts'

const measurements: Readonly<Record<string, () => Promise<Figure[]>>> = {
  start: measureStart,
  memory: measureMemory,
  answers: measureAnswers,
  tool: measureTool,
  parallel: measureParallel,
  calls: measureCalls,
  commits: measureCommits,
  readers: measureReaders,
  lists: measureLists,
  executions: measureExecutions,
  'memory-search': measureMemorySearch,
  logs: measureLogs,
  tasks: measureTasks,
  gateway: measureGateway,
  ipc: measureIpc,
  cli: measureCommandLine,
}
const mostMs = 300_000
/** A measurement that gets no answer is given up, not waited for; what it started ends with this process. */
function inTime<T>(work: Promise<T>): Promise<T> {
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error(`it took longer than ${mostMs / 1000} s`)), mostMs).unref()
  })
  return Promise.race([work, late])
}
const { values, positionals } = parseArgs({ options: { save: { type: 'boolean', default: false } }, allowPositionals: true })
const unknown = positionals.filter((name) => !Object.hasOwn(measurements, name))
if (unknown.length > 0 || (values.save && positionals.length > 0)) {
  console.error(`Name none, or some of ${Object.keys(measurements).join(', ')}; --save takes all.`)
  process.exit(2)
}
const machine = await lookAtMachine()
console.log(`${machineLine(machine)}\nBest of three rounds each; times are medians.\n`)
const rows: Row[] = []
const broken: string[] = []
for (const [name, measure] of Object.entries(measurements)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  try {
    const found = (await inTime(measure())).map(judge)
    rows.push(...found)
    console.log(`${tableOf(found)}\n`)
  } catch (error) {
    broken.push(name)
    console.error(`${name} could not be measured: ${(error as Error).message}\n`)
  }
}
const aimed = rows.filter(({ limit }) => limit !== undefined)
const missed = aimed.filter(({ ok }) => !ok)
console.log(
  `${aimed.length - missed.length} of ${aimed.length} aims met.${missed.length > 0 ? ` Missed: ${missed.map(({ name }) => name).join('; ')}.` : ''}`,
)
const file = path.join(root, '.bench/latest.json')
mkdirSync(path.dirname(file), { recursive: true })
const facts = rows.filter(({ limit }) => limit === undefined)
writeFileSync(
  file,
  `${JSON.stringify({ at: new Date().toISOString(), machine: machineLine(machine), rows: aimed, facts, details: machine }, null, 2)}\n`,
)
if (values.save && broken.length === 0) spawnSync(process.execPath, ['scripts/readme-table.mjs', file], { cwd: root, stdio: 'inherit' })
process.exit(broken.length > 0 ? 1 : 0)
