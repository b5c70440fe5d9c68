import { placeIn } from '../../engine/templates/values.ts'

/** What keeps a text from being JSON, or from being unambiguous. `message` is a sentence. */
export interface JsonFault {
  readonly line: number
  readonly message: string
}
/** Where the values of a JSON text stand. */
export interface JsonPlaces {
  /** The line, from 1, of a place such as `tools[0].http.url`: that of its key. Of a place that is not there, that of the nearest around it. */
  lineOf(path: string): number
}
const deepest = 100
const numberForm = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const wordForm = /true|false|null/y
const escapeForm = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

class Broken extends Error {
  readonly at: number
  constructor(at: number, message: string) {
    super(message)
    this.at = at
  }
}
/**
 * Reads a JSON text (RFC 8259) for where its values stand. Takes what JSON.parse takes, but no key twice in an object, no key `__proto__` and
 * nothing nested deeper than 100: such a text means one thing to its writer and another to its reader.
 */
export function readPlaces(text: string): JsonPlaces | JsonFault {
  const offsets = new Map<string, number>()
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length
  try {
    scan(text, (path, at) => {
      if (!offsets.has(path)) offsets.set(path, at)
    })
  } catch (error) {
    if (error instanceof Broken) return { line: lineAt(error.at), message: error.message }
    throw error
  }
  return {
    lineOf(path) {
      let place = path
      while (place !== '' && !offsets.has(place)) place = place.slice(0, Math.max(0, place.lastIndexOf('.'), place.lastIndexOf('[')))
      return lineAt(offsets.get(place) ?? 0)
    },
  }
}

function scan(text: string, found: (path: string, at: number) => void): void {
  let at = 0
  const skip = (): void => {
    while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at += 1
  }
  const unexpected = (wanted: string): Broken => {
    const [character = ''] = text.slice(at, at + 2)
    if (character === '') return new Broken(at, `The text ends too early: ${wanted} is missing.`)
    if (character === '/' || character === '#') return new Broken(at, 'JSON has no comments. Take them out, or write them as a description.')
    if (character === "'") return new Broken(at, 'JSON writes texts in double quotes.')
    return new Broken(at, `Here ${wanted} is expected, not ${JSON.stringify(character)}.`)
  }
  const taken = (form: RegExp): boolean => {
    form.lastIndex = at
    if (!form.test(text)) return false
    at = form.lastIndex
    return true
  }
  const textValue = (): string => {
    const start = at
    for (at += 1; text.charAt(at) !== '"';) {
      if (at >= text.length || text.charAt(at) < ' ') throw new Broken(start, 'A text is not closed by a double quote in its line.')
      if (text.charAt(at) !== '\\') at += 1
      else if (!taken(escapeForm)) throw new Broken(at, 'A backslash stands before a character that needs none. Write it as \\\\.')
    }
    at += 1
    return JSON.parse(text.slice(start, at)) as string
  }
  const list = (close: string, item: (index: number) => void): void => {
    at += 1
    skip()
    if (text.charAt(at) !== close)
      for (let index = 0; ; index += 1) {
        item(index)
        const end = at
        skip()
        // Said of the line where it is missing, not of the next one.
        if (/["\d[{tfn-]/.test(text.charAt(at))) throw new Broken(end, `Behind this a comma or ${close} is missing.`)
        if (text.charAt(at) !== ',') break
        const comma = at
        at += 1
        skip()
        if (text.charAt(at) === close) throw new Broken(comma, `There is a comma too many before the ${close}.`)
      }
    if (text.charAt(at) !== close) throw unexpected(`a comma or ${close}`)
    at += 1
  }
  const member = (path: string, keys: Set<string>, depth: number): void => {
    const start = at
    if (text.charAt(at) !== '"') throw unexpected('a key in double quotes')
    const key = textValue()
    if (key === '__proto__') throw new Broken(start, 'The key "__proto__" is not taken.')
    if (keys.has(key)) throw new Broken(start, `The key ${JSON.stringify(key)} stands twice in the same object.`)
    keys.add(key)
    found(placeIn(path, key), start)
    skip()
    if (text.charAt(at) !== ':') throw unexpected('a colon')
    at += 1
    value(placeIn(path, key), depth)
  }
  const value = (path: string, depth: number): void => {
    skip()
    found(path, at)
    if (depth > deepest) throw new Broken(at, `The text is nested deeper than ${deepest} levels.`)
    const begin = text.charAt(at)
    if (begin === '{') {
      const keys = new Set<string>()
      list('}', () => member(path, keys, depth + 1))
    } else if (begin === '[') list(']', (index) => value(placeIn(path, index), depth + 1))
    else if (begin === '"') textValue()
    else if (!taken(numberForm) && !taken(wordForm)) throw unexpected('a value')
  }
  value('', 0)
  skip()
  if (at < text.length) throw unexpected('the end of the text')
}
