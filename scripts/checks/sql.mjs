// SQL stands in stores, migrations and the platform, nowhere else.
import { readFileSync } from 'node:fs'
import { sources } from './sources.mjs'

const allowed = /(\/|-)store\.ts$|\/platform\/|\/migrations\/|\.test\.ts$|\/test\/|\/testing\//
const statement =
  /\b(SELECT\s[\s\S]*?\sFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|REPLACE\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(TEMP\s+)?(TABLE|INDEX|TRIGGER|VIEW)\s|PRAGMA\s+\w)/
/** Strings and templates only: a comment may speak of SQL. */
const literals = (text) => text.match(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`/g) ?? []
const code = (text) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')

const files = sources('apps/*/src/*.ts', 'packages/*/src/*.ts')
const judged = files.filter((file) => !allowed.test(file))
const offences = judged.filter((file) => literals(code(readFileSync(file, 'utf8'))).some((text) => statement.test(text)))
for (const file of offences) console.error(`SQL outside a store: ${file}`)
console.log(`${judged.length} of ${files.length} files judged, ${offences.length} with SQL where it may not be`)
process.exitCode = offences.length > 0 || judged.length === 0 ? 1 : 0
