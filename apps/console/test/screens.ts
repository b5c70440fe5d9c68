// Takes the pictures of docs/screens, each page in both themes and two widths: `node apps/console/test/screens.ts SEED.ts [/address …]` (look.ts says what a seed is).
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { photograph } from './photograph.ts'

const [seedFile, ...addresses] = process.argv.slice(2)
if (seedFile === undefined) throw new Error('Name a seed, and the addresses to show.')
await photograph({
  folder: fileURLToPath(new URL('../../../docs/screens', import.meta.url)),
  seedFile: path.resolve(seedFile),
  addresses,
  widths: [1440, 390],
})
