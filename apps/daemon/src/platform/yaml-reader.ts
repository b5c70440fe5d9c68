import { Fault } from '@steward/contract'
import { isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, parseDocument, type Document, type Node, type Pair } from 'yaml'
import type { Json } from '../engine/types.ts'

/** A file of more bytes (of UTF-8) is refused. */
export const mostBytes = 1024 * 1024
/** Parsing takes time for each part of a file, up to a second for so many. */
const mostParts = 200_000
/** As deep as JSON may be on every door. */
const deepest = 64
/** Each alias repeats what it stands for; so few cannot blow a file up. */
const mostAliases = 20

export type Place = readonly PropertyKey[]
export interface YamlSheet {
  readonly value: Json
  /** The line, from 1, of what stands at a place, or of the nearest thing around it. */
  lineOf(place: Place): number
}
/** What is said of a file: always with the line. */
export const faultAt = (line: number, sentence: string): Fault => new Fault('invalid', `Line ${line}: ${sentence}`, { line })

/**
 * Reads one document of YAML 1.2 as JSON. Refused, with the line: more than 1 MiB, tags that are not YAML's own, merge keys (`<<`), doubled keys, keys
 * that are no text, `__proto__`, more than 20 aliases or 64 levels, numbers that JSON has not. Throws Fault `invalid` or `too_large`. With the
 * schema `failsafe` every value that is no list and no map is a text, as it is written.
 */
export function readYaml(text: string, schema: 'core' | 'failsafe' = 'core'): YamlSheet {
  assertReadable(text)
  const lines = new LineCounter()
  const lineAt = (offset: number | undefined) => lines.linePos(offset ?? 0).line
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    resolveKnownTags: false,
    schema,
    stringKeys: true,
    // Comparing each key with each takes too long; the walk below looks for doubled ones.
    uniqueKeys: false,
    logLevel: 'error',
  })
  const wrong = document.errors[0] ?? document.warnings[0]
  if (wrong) throw faultAt(lineAt(wrong.pos[0]), sentence(wrong.code, wrong.message))
  if (document.directives.yaml.version !== '1.2')
    throw faultAt(1, 'This is another version of YAML; write it in YAML 1.2, and leave the %YAML line away.')
  const walk = createWalk(document, (node, words) => faultAt(lineAt(node.range?.[0]), words))
  return { value: walk(document.contents, 1), lineOf: (place) => lineAt(offsetOf(document, place)) }
}
/** Looks a text over before it is parsed, in time that grows with its length only. Throws Fault `too_large` or `invalid`. */
export function assertReadable(text: string): void {
  if (Buffer.byteLength(text) > mostBytes) throw new Fault('too_large', 'YAML of at most 1 MiB is read.')
  let [offset, parts, depth, nested] = [0, 0, 0, 0]
  let before = ''
  const fault = (words: string) => faultAt(text.slice(0, offset).split('\n').length, words)
  for (const part of new Lexer().lex(text)) {
    if (++parts > mostParts) throw new Fault('too_large', `YAML of at most ${mostParts} words and signs is read.`)
    if (before !== scalarMark) {
      if (part === '[' || part === '{') depth++
      else if (part === ']' || part === '}') depth = Math.max(0, depth - 1)
      else if (part === brokenMark) depth = 0
      else if (part === '\n' || part === '\r\n') nested = 0
      else if (depth === 0 && (part === '-' || part === '?' || part === ':')) nested++
    }
    if (depth > deepest || nested > deepest) throw fault(tooDeep)
    if (!marks.has(part) || before === scalarMark) offset += part.length
    before = before === scalarMark ? '' : part
  }
}
const tooDeep = `This is nested more than ${deepest} levels deep.`
/** The lexer's own signs, which are not in the text; a scalar follows the first. */
const scalarMark = '\u001f'
/** A flow collection ends here although nothing closes it. */
const brokenMark = '\u0018'
const marks = new Set([scalarMark, brokenMark, '\u0002'])
const words: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'A second document begins here; one is read.',
  TAG_RESOLVE_FAILED: 'Tags of your own are not accepted; write the value itself.',
  NON_STRING_KEY: 'A key is a text.',
}
const sentence = (code: string, message: string): string => words[code] ?? `${message.slice(0, 300).replace(/\.$/, '')}.`

type Refuse = (node: Node, words: string) => Fault
function createWalk(document: Document.Parsed, refuse: Refuse) {
  let aliases = 0
  const keyOf = (pair: Pair, seen: Set<string>, map: Node): string => {
    const { key } = pair
    if (!isScalar(key) || typeof key.value !== 'string') throw refuse(isAlias(key) ? key : map, 'A key is a text.')
    if (key.value === '<<' && key.type === 'PLAIN') throw refuse(key, 'Merge keys (<<) are not accepted; write the fields out.')
    if (key.value === '__proto__') throw refuse(key, 'The key __proto__ is not accepted.')
    if (seen.has(key.value)) throw refuse(key, `The key ${JSON.stringify(key.value.slice(0, 100))} stands here twice.`)
    seen.add(key.value)
    return key.value
  }
  const walk = (node: unknown, depth: number): Json => {
    if (isAlias(node)) {
      if (++aliases > mostAliases) throw refuse(node, `A file has at most ${mostAliases} aliases; write the value out.`)
      const target = node.resolve(document)
      if (!target) throw refuse(node, `There is no anchor &${node.source.slice(0, 100)} before this.`)
      return walk(target, depth)
    }
    if (isSeq(node) || isMap(node)) {
      if (depth > deepest) throw refuse(node, tooDeep)
      if (isSeq(node)) return node.items.map((item) => walk(item, depth + 1))
      const seen = new Set<string>()
      return Object.fromEntries(node.items.map((pair): [string, Json] => [keyOf(pair, seen, node), walk(pair.value, depth + 1)]))
    }
    if (!isScalar(node) || node.value === null || node.value === undefined) return null
    const { value } = node
    if (typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value
    throw refuse(node, 'JSON has no such value; write a text in quotes.')
  }
  return walk
}
function offsetOf(document: Document.Parsed, place: Place): number {
  let node: unknown = document.contents
  let offset = 0
  for (const part of place) {
    if (isAlias(node)) node = node.resolve(document)
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === part) : undefined
    const next = pair ?? (isSeq(node) && typeof part === 'number' ? node.items[part] : undefined)
    if (next === undefined) return offset
    const start: unknown = pair ? pair.key : next
    offset = (start as Node | null)?.range?.[0] ?? offset
    node = pair ? pair.value : next
  }
  return offset
}
