/** Nested so deep. */
export const deep = (levels: number): unknown => {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value }
  return value
}
/** JSON with a key that JavaScript treats as no other. `JSON.parse` gives it as a field; a literal would not. */
const withPrototype = (): unknown => JSON.parse('{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}') as unknown

/** What nobody should send in the place of anything. */
export const junk: Readonly<Record<string, unknown>> = {
  nothing: null,
  truth: true,
  'a NUL': 'a\0b',
  'a NUL alone': '\0',
  'half a surrogate pair': 'a\ud800',
  'the other half': '\udc00b',
  'an empty text': '',
  'a long text': 'A'.repeat(10_000),
  'control characters': '\u0001\u001b[2J\r\n',
  'text from right to left': '\u202ecod.exe\ufffe\uffff',
  'a quote': `' OR 1=1; DROP TABLE accounts; --`,
  'a pattern': '%_\\',
  'a path': '../../../../etc/passwd',
  'a template': '${7*7}{{7*7}}',
  'the 32nd bit': 2_147_483_648,
  'below the 32nd bit': -2_147_483_649,
  'the 53rd bit': 2 ** 53,
  'the 63rd bit': 2 ** 63,
  'a huge number': 1e308,
  'a fraction': 0.5,
  'less than nothing': -1,
  'a list': [],
  'a list of lists': [[[[]]]],
  'an object': {},
  'an object that looks like a list': { length: 1e9, 0: 'a' },
  'an object that looks like bytes': { type: 'Buffer', data: [1, 2, 3] },
  'a placeholder of bytes': { _placeholder: true, num: 0 },
  'a changed prototype': withPrototype(),
  'what is nested deep': deep(200),
}
/** Equal to the input but that one place at any depth holds another value; one for each place. */
export function* changedPlaces(input: unknown, value: unknown): Generator<unknown> {
  yield value
  if (typeof input !== 'object' || input === null || input instanceof Uint8Array) return
  for (const [key, inner] of Object.entries(input))
    for (const changed of changedPlaces(inner, value)) yield Array.isArray(input) ? input.with(Number(key), changed) : { ...input, [key]: changed }
}
