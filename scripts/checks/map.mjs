// The map in ARCHITECTURE.md names every folder that holds files, and no other. A row "| `folder/` and below | … |" covers its subfolders too.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { sources } from './sources.mjs'

const rows = [...readFileSync('ARCHITECTURE.md', 'utf8').matchAll(/^\| `([^`]+\/)`( and below)? +\|/gm)].map(([, folder, below]) => ({
  folder,
  below: Boolean(below),
}))
const folders = [...new Set(sources('packages', 'apps', 'scripts', 'docs', 'test').map((file) => `${path.posix.dirname(file)}/`))]
const covers = (row, folder) => row.folder === folder || (row.below && folder.startsWith(row.folder))
const faults = [
  ...folders.filter((folder) => !rows.some((row) => covers(row, folder))).map((folder) => `ARCHITECTURE.md does not name ${folder}`),
  ...rows.filter((row) => !folders.some((folder) => covers(row, folder))).map(({ folder }) => `ARCHITECTURE.md names ${folder}, which holds no file`),
  ...rows
    .filter((row, place) => rows.findIndex(({ folder }) => folder === row.folder) !== place)
    .map(({ folder }) => `ARCHITECTURE.md names ${folder} twice`),
]
for (const fault of faults) console.error(fault)
console.log(`${rows.length} rows for ${folders.length} folders`)
process.exitCode = faults.length > 0 || folders.length === 0 ? 1 : 0
