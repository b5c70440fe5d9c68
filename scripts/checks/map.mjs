// The map in ARCHITECTURE.md names every folder of source there is, and no other.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'

const mapped = new Set([...readFileSync('ARCHITECTURE.md', 'utf8').matchAll(/^\| `([^`]+\/)` \|/gm)].map(([, folder]) => folder))
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'packages', 'apps', 'scripts', 'docs'], { encoding: 'utf8' }).split('\n').filter(Boolean)
const folders = new Set(files.map((file) => `${path.dirname(file)}/`))
const missing = [...folders].filter((folder) => !mapped.has(folder)).toSorted()
const gone = [...mapped].filter((folder) => ![...folders].some((known) => known.startsWith(folder))).toSorted()
for (const folder of missing) console.error(`ARCHITECTURE.md does not name ${folder}`)
for (const folder of gone) console.error(`ARCHITECTURE.md names ${folder}, which is not there`)
console.log(`${mapped.size} folders in the map`)
process.exitCode = missing.length > 0 || gone.length > 0 ? 1 : 0
