// SQL stands in stores, migrations, the platform and the relay's change log, nowhere else; nor do queries that a builder makes of words.
import { readFileSync } from 'node:fs'
import { sources } from './sources.mjs'

const allowed = /(\/|-)store\.ts$|\/platform\/|\/migrations\/|^apps\/relay\/src\/changes\/|\.test\.ts$|\/test\/|\/testing\//
const statement =
  /\b(SELECT\s[\s\S]*?\sFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|REPLACE\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(TEMP\s+)?(TABLE|INDEX|TRIGGER|VIEW)\s|PRAGMA\s+\w)/
/** A query that the relay's builder makes. */
const built = /\.(selectFrom|insertInto|updateTable|deleteFrom|replaceInto|mergeInto)\(\s*['"`]/
/** Strings and templates only: a comment may speak of SQL. */
const literals = (text) => text.match(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`/g) ?? []
const code = (text) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')

const files = sources('apps/*/src/*.ts', 'packages/*/src/*.ts')
const judged = files.filter((file) => !allowed.test(file))
const offences = judged.filter((file) => {
  const text = code(readFileSync(file, 'utf8'))
  return built.test(text) || literals(text).some((literal) => statement.test(literal))
})
for (const file of offences) console.error(`SQL outside a store: ${file}`)
console.log(`${judged.length} of ${files.length} files judged, ${offences.length} with SQL where it may not be`)
process.exitCode = offences.length > 0 || judged.length === 0 ? 1 : 0
