// Makes the table of speed in README.md from the benchmark's JSON, so that no figure is typed by hand.
//   node scripts/readme-table.mjs .bench/latest.json   keeps that JSON as docs/benchmark.json and fills the table
//   node scripts/readme-table.mjs                      fills the table from docs/benchmark.json
//   node scripts/readme-table.mjs --check              says whether the table is what docs/benchmark.json gives
// JSON: {at, machine, rows: [{name, value, unit, limit, atMost?, note?}]}; `limit` is the most that is aimed at, or with `atMost: false` the least.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const kept = 'docs/benchmark.json'
const [begin, end] = ['<!-- speed: made by scripts/readme-table.mjs -->', '<!-- /speed -->']
const notRun = 'The benchmark has not been run yet: `npm run bench` measures, `node scripts/readme-table.mjs` puts its figures here.'

const figure = (value) => value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 })
const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ')
function rowOf({ name, value, unit, limit, atMost = true, note }) {
  if (typeof name !== 'string' || typeof value !== 'number' || typeof unit !== 'string' || typeof limit !== 'number')
    throw new Error(`A row of the benchmark needs name, value, unit and limit; this one is ${JSON.stringify({ name, value, unit, limit })}.`)
  const met = atMost ? value <= limit : value >= limit
  return `| ${cell(name)} | ${figure(value)} ${unit} | ${atMost ? 'under' : 'over'} ${figure(limit)} ${unit} | ${met ? 'yes' : `**no**${note ? `: ${cell(note)}` : ''}`} |`
}
function blockOf(text) {
  if (text === undefined) return notRun
  const { at, machine, rows } = JSON.parse(text)
  if (!Array.isArray(rows) || rows.length === 0 || typeof at !== 'string' || typeof machine !== 'string')
    throw new Error('The benchmark JSON needs at, machine and at least one row.')
  return [`Measured ${at.slice(0, 10)} on ${machine}.`, '', '| what | measured | aim | met |', '|---|---|---|---|', ...rows.map(rowOf)].join('\n')
}
const [given] = process.argv.slice(2)
const checking = given === '--check'
const source = given === undefined || checking ? kept : given
if (source !== kept && !existsSync(source)) throw new Error(`There is no ${source}; \`npm run bench\` writes it.`)
const json = existsSync(source) ? readFileSync(source, 'utf8') : undefined
const readme = readFileSync('README.md', 'utf8')
const [before, after] = [readme.indexOf(begin), readme.indexOf(end)]
if (before < 0 || after < before) throw new Error(`README.md lacks the marks ${begin} and ${end}.`)
const filled = `${readme.slice(0, before + begin.length)}\n${blockOf(json)}\n${readme.slice(after)}`
if (checking) {
  if (filled !== readme) console.error('The table of speed in README.md is not what docs/benchmark.json gives: run `node scripts/readme-table.mjs`.')
  process.exitCode = filled === readme ? 0 : 1
} else {
  if (source !== kept) writeFileSync(kept, json)
  writeFileSync('README.md', filled)
}
