// SQL stands in stores, migrations and the platform, nowhere else (STYLE 9).
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'apps/daemon/src/*.ts'], { encoding: 'utf8' }).split('\n').filter(Boolean)
const allowed = /(store|-store|pages|search)\.ts$|\/platform\/|\/migrations\/|\.test\.ts$/
const statement = /\b(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE)\b/s
const offences = files.filter((file) => !allowed.test(file) && statement.test(readFileSync(file, 'utf8')))
for (const file of offences) console.error(`SQL outside a store: ${file}`)
console.log(`${files.length} files, ${offences.length} with SQL where it may not be`)
process.exitCode = offences.length > 0 || files.length === 0 ? 1 : 0
