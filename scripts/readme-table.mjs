// Makes the tables of speed from the benchmarks' JSON, so that no figure is typed by hand: that of `npm run bench` in README.md, that of `npm run bench:relay` in docs/relay-benchmark.md.
//   node scripts/readme-table.mjs .bench/latest.json           keeps that JSON as docs/benchmark.json and fills the table
//   node scripts/readme-table.mjs --relay .bench/relay.json    keeps that JSON as docs/relay-benchmark.json and fills the relay's
//   node scripts/readme-table.mjs                              fills both from what is kept
//   node scripts/readme-table.mjs --check                      says whether the tables are what is kept gives
// JSON: {at, machine, rows: [{name, value, unit, limit, atMost?, note?, reference?, load?}], facts?}; `limit` is the most that is aimed at, or with `atMost: false` the least; a fact has
// none. `reference` is what another program has, in words; `load` how many
// processes wanted a core before it was measured.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const own = { page: 'README.md', kept: 'docs/benchmark.json', command: 'npm run bench' }
const relay = { page: 'docs/relay-benchmark.md', kept: 'docs/relay-benchmark.json', command: 'npm run bench:relay -- --save', isWhole: true }
const [begin, end] = ['<!-- speed: made by scripts/readme-table.mjs -->', '<!-- /speed -->']

const figure = (value) => value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 })
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ')
const aimOf = ({ limit, unit, atMost = true }) => `${atMost ? 'under' : 'over'} ${figure(limit)} ${unit}`
const isMet = ({ value, limit, atMost = true }) => (atMost ? value <= limit : value >= limit)
function checked(row, fields) {
  const { name, value, unit, limit } = row
  if (typeof name !== 'string' || typeof value !== 'number' || typeof unit !== 'string' || (limit !== undefined && typeof limit !== 'number'))
    throw new Error(`A row of the benchmark needs ${fields}; this one is ${JSON.stringify({ name, value, unit, limit })}.`)
  return row
}
function rowOf(row) {
  const { name, value, unit, note } = checked(row.limit === undefined ? { ...row, limit: null } : row, 'name, value, unit and limit')
  return `| ${cell(name)} | ${figure(value)} ${unit} | ${aimOf(row)} | ${isMet(row) ? 'yes' : `**no**${note ? `: ${cell(note)}` : ''}`} |`
}
/** A row with what the reference has and how it was measured; a fact has no aim. */
function wholeRowOf(row) {
  const { name, value, unit, limit, load, reference = '', note = '' } = checked(row, 'name, value and unit')
  const judged = limit === undefined ? ['', ''] : [aimOf(row), isMet(row) ? 'yes' : '**no**']
  const how = [note, load === undefined ? '' : `load ${load.toFixed(1)}`].filter((words) => words !== '').join('; ')
  return `| ${[cell(name), `${figure(value)} ${unit}`, ...judged, cell(reference), cell(how)].join(' | ')} |`
}
function tableOf({ rows, facts = [] }, isWhole) {
  if (!isWhole) return ['| what | measured | aim | met |', '|---|---|---|---|', ...rows.map(rowOf)]
  return ['| what | measured | aim | met | reference | how |', '|---|---|---|---|---|---|', ...[...rows, ...facts].map(wholeRowOf)]
}
function blockOf({ kept, command, isWhole = false }, text) {
  if (text === undefined)
    return `The benchmark has not been run yet: \`${command}\` measures, \`node scripts/readme-table.mjs\` puts its figures here.`
  const document = JSON.parse(text)
  const { at, machine, rows } = document
  if (!Array.isArray(rows) || rows.length === 0 || typeof at !== 'string' || typeof machine !== 'string')
    throw new Error(`The benchmark JSON ${kept} needs at, machine and at least one row.`)
  return [`Measured ${at.slice(0, 10)} on ${machine}.`, '', ...tableOf(document, isWhole)].join('\n')
}
/** True when the page's table is what the JSON gives; unless only checking it is made so, and the JSON kept. */
function fill(table, given, checking) {
  const { page, kept } = table
  const source = given ?? kept
  if (given !== undefined && !existsSync(given)) throw new Error(`There is no ${given}; \`${table.command}\` writes it.`)
  const json = existsSync(source) ? readFileSync(source, 'utf8') : undefined
  const text = readFileSync(page, 'utf8')
  const [before, after] = [text.indexOf(begin), text.indexOf(end)]
  if (before < 0 || after < before) throw new Error(`${page} lacks the marks ${begin} and ${end}.`)
  const filled = `${text.slice(0, before + begin.length)}\n${blockOf(table, json)}\n${text.slice(after)}`
  if (checking) {
    if (filled !== text) console.error(`The table of speed in ${page} is not what ${kept} gives: run \`node scripts/readme-table.mjs\`.`)
    return filled === text
  }
  if (given !== undefined) writeFileSync(kept, json)
  writeFileSync(page, filled)
  return true
}
const words = process.argv.slice(2)
const checking = words[0] === '--check'
if (words[0] === '--relay') fill(relay, words[1], false)
else if (words[0] !== undefined && !checking) fill(own, words[0], false)
else {
  // A tree without the relay's page has no such table.
  const tables = existsSync(relay.page) ? [own, relay] : [own]
  process.exitCode = tables.map((table) => fill(table, undefined, checking)).every(Boolean) ? 0 : 1
}
