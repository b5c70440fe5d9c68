import path from 'node:path'
import { photograph } from './photograph.ts'

const [folder = 'screens', seedFile, ...addresses] = process.argv.slice(2)
if (seedFile === undefined)
  throw new Error(
    'node apps/console/test/look.ts FOLDER SEED.ts [/address …]: pictures of these addresses of the console in both themes and three widths.',
  )
await photograph({ folder, seedFile: path.resolve(seedFile), addresses, widths: [1440, 1024, 390] })
