// Builds the console where it is missing or older than what it is made from. Plain ESM on node: alone (Node >= 20), like ensure.mjs, which calls it; the build itself runs
// under Node 24. By itself it does the same for the tree it is run in; with --always it builds whatever there is.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(import.meta.url)
const sources = [
  'apps/console/build',
  'apps/console/index.html',
  'apps/console/package.json',
  'apps/console/public',
  'apps/console/src',
  'apps/console/tsconfig.json',
  'apps/console/vite.config.ts',
  'apps/console/worker',
  'packages/client/src',
  'packages/contract/src',
  'package-lock.json',
  'tsconfig.json',
]
const outputOf = (root) => path.join(root, 'apps/console/dist')
/** Where the hash of what was built last is kept. */
const stampOf = (root) => path.join(root, 'node_modules/.cache/console.txt')

/** The files below a folder, or the file itself, by their path; tests are part of nothing that is built. */
function* filesBelow(place) {
  const entries = readdirSync(place, { withFileTypes: true }).toSorted((one, other) => (one.name < other.name ? -1 : 1))
  for (const entry of entries) {
    const file = path.join(place, entry.name)
    if (entry.isDirectory()) yield* filesBelow(file)
    else if (!/\.test\.tsx?$/.test(entry.name)) yield file
  }
}
/** A hash of all that the console is made from. By content, not by time: what a checkout touches need not be built again. */
function sourcesHash(root) {
  const hash = createHash('sha256')
  for (const source of sources) {
    const place = path.join(root, source)
    for (const file of path.extname(source) === '' ? filesBelow(place) : [place])
      hash
        .update(`${path.relative(root, file)}\0`)
        .update(readFileSync(file))
        .update('\0')
  }
  return hash.digest('hex')
}
/** Puts what was built into its place, file by file, the page last: a daemon that serves it meanwhile never has a page without its parts. */
function moveInto(place, built) {
  const files = [...filesBelow(built)].map((file) => path.relative(built, file))
  mkdirSync(place, { recursive: true })
  const old = [...filesBelow(place)].map((file) => path.relative(place, file))
  for (const file of files.toSorted((one, other) => Number(one === 'index.html') - Number(other === 'index.html'))) {
    mkdirSync(path.dirname(path.join(place, file)), { recursive: true })
    renameSync(path.join(built, file), path.join(place, file))
  }
  for (const file of old) if (!files.includes(file)) rmSync(path.join(place, file))
  rmSync(built, { recursive: true, force: true })
}
/** Builds the console. Answers whether it could; the build has said why not. */
export function buildConsole(root) {
  const wanted = sourcesHash(root)
  const built = path.join(root, `node_modules/.cache/console-${process.pid}`)
  const vite = [
    path.join(root, 'node_modules/vite/bin/vite.js'),
    'build',
    path.join(root, 'apps/console'),
    '--logLevel',
    'warn',
    '--outDir',
    built,
    '--emptyOutDir',
  ]
  const done = spawnSync(process.execPath, [path.join(path.dirname(here), 'n24.mjs'), ...vite], {
    cwd: path.join(root, 'apps/console'),
    stdio: ['ignore', 2, 2],
  })
  if (done.status !== 0) {
    rmSync(built, { recursive: true, force: true })
    return false
  }
  moveInto(outputOf(root), built)
  writeFileSync(stampOf(root), wanted)
  return true
}
/** Builds the console unless it is there, made from what is here now. Answers whether it stands. */
export function ensureConsole(root) {
  const stamp = stampOf(root)
  if (existsSync(path.join(outputOf(root), 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === sourcesHash(root)) return true
  console.error('Building the console (a few seconds) …')
  return buildConsole(root)
}
if (process.argv[1] === here) {
  const stands = (process.argv.includes('--always') ? buildConsole : ensureConsole)(process.cwd())
  if (!stands) process.exitCode = 1
}
