import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Row } from '../figures.ts'
import type { Machine } from '../machine.ts'
import { root } from '../place.ts'

/** A row with the measurement it comes from and the load (processes that wanted a core in the last minute) before that. */
export interface KeptRow extends Row {
  readonly measurement: string
  readonly load: number
}
export interface Document {
  readonly at: string
  readonly machine: string
  /** With an aim, and without. */
  readonly rows: readonly KeptRow[]
  readonly facts: readonly KeptRow[]
  readonly details: Machine
}
const kept = path.join(root, 'docs/relay-benchmark.json')
const latest = path.join(root, '.bench/relay.json')

/** Puts rows among those that are kept, in place of the earlier ones of the same measurements, in the order of all of them. */
export function amongKept(document: Document, order: readonly string[]): Document {
  if (!existsSync(kept)) return document
  const before = JSON.parse(readFileSync(kept, 'utf8')) as Document
  const anew = new Set([...document.rows, ...document.facts].map(({ measurement }) => measurement))
  const join = (old: readonly KeptRow[], now: readonly KeptRow[]) =>
    [...old.filter(({ measurement }) => !anew.has(measurement)), ...now].toSorted(
      (a, b) => order.indexOf(a.measurement) - order.indexOf(b.measurement),
    )
  return { ...document, rows: join(before.rows, document.rows), facts: join(before.facts, document.facts) }
}
/** Writes the JSON; answers where. */
export function writeLatest(document: Document): string {
  mkdirSync(path.dirname(latest), { recursive: true })
  writeFileSync(latest, `${JSON.stringify(document, null, 2)}\n`)
  return latest
}
