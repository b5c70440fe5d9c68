// Which lines of a file have run, from what V8 wrote down (NODE_V8_COVERAGE). Node only blanks the types out of a .ts file, so its places are those of the source.
import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

/** What every process wrote about some files: for each, one list of functions with counted ranges for each process. */
export function readRuns(folder, files) {
  const runs = new Map(files.map((file) => [pathToFileURL(path.resolve(file)).href, []]))
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.json')))
    for (const { url, functions } of JSON.parse(readFileSync(path.join(folder, name), 'utf8')).result) runs.get(url)?.push(functions)
  return files.map((file) => ({ file, processes: runs.get(pathToFileURL(path.resolve(file)).href) }))
}
/** The lines of a file that hold code, and those of them that no process has run whole. Numbers count from 1. */
export function lineCoverage(file, processes) {
  const source = readFileSync(file, 'utf8')
  const code = file.endsWith('.ts') ? stripTypeScriptTypes(source) : source
  const ran = new Uint8Array(source.length)
  for (const functions of processes) {
    const counts = new Int8Array(source.length).fill(-1)
    // Inner ranges come after the ones around them.
    for (const { ranges } of functions)
      for (const { startOffset, endOffset, count } of ranges) counts.fill(Math.min(count, 1), startOffset, endOffset)
    for (let at = 0; at < ran.length; at++) if (counts[at] === 1) ran[at] = 1
  }
  const lines = []
  const missed = []
  let at = 0
  for (const [index, text] of code.split('\n').entries()) {
    const words = text.replace(/\/\/.*|^\s*(\/\*\*?|\*).*|\*\/\s*$/g, '').trim()
    const from = at + text.length - text.trimStart().length
    if (/\w/.test(words)) {
      lines.push(index + 1)
      if (ran.subarray(from, from + words.length).includes(0)) missed.push(index + 1)
    }
    at += text.length + 1
  }
  return { lines: lines.length, missed }
}
