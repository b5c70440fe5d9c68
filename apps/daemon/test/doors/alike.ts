/** Values that may differ between two equal worlds. */
const passing = new Set([
  'pid',
  'uptimeMs',
  'memoryBytes',
  'latencyMs',
  'durationMs',
  'bytes',
  'seq',
  'logSeq',
  'entries',
  'reads',
  'door',
  'digest',
  'requestId',
  'secret',
  'code',
  'lastUsedAt',
  'score',
  'uses',
  'startedAt',
])
const idForm = /\b(ses|msg|run|call|apr|que|file|agt|tok|rule|evt|req|plan|exe|wfl|task|fire|hook|dlv|whk|mem|auth|trs)_[0-9a-z]+/g

/** Makes answers of two daemons on copies of one world comparable: ids by order of appearance, times, addresses and places by name. */
export function createAlike(places: readonly string[]) {
  const ids = new Map<string, string>()
  const plain = (value: string): string => {
    let text = value
    for (const place of places) text = text.replaceAll(place, 'PLACE')
    return text
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME')
      .replace(/#code=[\w-]+/g, '#code=CODE')
      .replace(/127\.0\.0\.1:\d+/g, 'ADDRESS')
      .replace(/\b[0-9a-f]{64}\b/g, 'HASH')
      .replace(idForm, (id, kind: string) => {
        const known = ids.get(id) ?? `${kind}#${[...ids.keys()].filter((other) => other.startsWith(`${kind}_`)).length + 1}`
        ids.set(id, known)
        return known
      })
  }
  const alike = (value: unknown, key = ''): unknown => {
    if (value === null || value === undefined) return value ?? null
    if (passing.has(key) && typeof value !== 'object') return `<${key}>`
    if (key === 'nextCursor') return '<cursor>'
    if (Array.isArray(value)) return value.map((item) => alike(item))
    if (typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, alike(inner, name)]))
    return typeof value === 'string' ? plain(value) : value
  }
  return alike
}
