import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { manifestProblems, readManifest } from './manifest.ts'

type Change = Record<string, unknown>
const http = { method: 'GET', url: 'https://api.example.com/v1/things/{{inputs.id}}' }
const toolWith = (change: Change = {}) => ({
  id: 'get',
  name: 'Get',
  description: 'Gets a thing.',
  inputs: { type: 'object', properties: { id: { type: 'string' }, list: { type: 'array' }, deep: { type: 'object' } }, required: ['id'] },
  http,
  ...change,
})
const textOf = (tool: Change, app: Change = {}) =>
  JSON.stringify(
    { id: 'things', name: 'Things', settings: { base: { default: 'https://x.example/v1' } }, secrets: { key: {} }, tools: [tool], ...app },
    null,
    1,
  )
const withHttp = (change: Change) => textOf(toolWith({ http: { ...http, ...change } }))
const withCommand = (command: Change) => textOf(toolWith({ http: undefined, command }))
/** The line of the text in which a part stands, from 1. */
const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length

test('a manifest that says everything is taken, with its defaults', () => {
  const text = textOf(
    toolWith({
      outputs: { type: 'object' },
      permissions: ['things:read'],
      risk: 'read',
      repeatable: false,
      examples: ['get thing a'],
      timeoutMs: 1000,
      http: {
        ...http,
        query: { a: '{{inputs.list}}' },
        headers: { 'X-Key': '{{secrets.key}}', 'Idempotency-Key': '{{call.id}}' },
        output: { path: 'body.items[0]', as: 'json' },
      },
    }),
    { $schema: 'https://example.com/app.json', description: 'Things.', version: '1' },
  )
  expect(manifestProblems(text)).toEqual([])
  const { manifest } = readManifest(textOf(toolWith()))
  expect(manifest?.tools[0]).toMatchObject({ timeoutMs: 30_000, examples: [] })
})
test.each<[string, string, string, RegExp]>([
  ['an id that is none', textOf(toolWith(), { id: 'My App' }), '"id": "My App"', /^Line 2, id: must be lower case/],
  ['a key that is not known', withHttp({ methd: 'GET' }), '"methd"', /tools\[0\]\.http\.methd: This key is not known here\.$/],
  ['a key that is missing', textOf(toolWith({ name: undefined })), '"tools": [\n  {', /tools\[0\]\.name: "name" is missing\.$/],
  ['a tool that does nothing', textOf(toolWith({ http: undefined })), '"tools": [\n  {', /tools\[0\]: needs either "http" or "command"/],
  ['a tool that does two things', textOf(toolWith({ command: { argv: ['ls'] } })), '"tools": [\n  {', /needs either "http" or "command"/],
  ['two tools of one id', textOf(toolWith(), { tools: [toolWith(), toolWith()] }), '', /tools\[1\]\.id: There are two tools with the id get\.$/],
  ['inputs that are no object', textOf(toolWith({ inputs: { type: 'string' } })), '"type": "string"', /inputs\.type: needs "type": "object"/],
  [
    'a type that is none',
    textOf(toolWith({ inputs: { type: 'object', properties: { id: { type: 'text' } } } })),
    '"type": "text"',
    /id\.type: "text" is no type/,
  ],
  ['a pattern that is none', textOf(toolWith({ outputs: { items: { pattern: '(' } } })), '"pattern"', /outputs\.items\.pattern: is no pattern/],
  [
    'a reference to elsewhere',
    textOf(toolWith({ outputs: { $ref: 'https://x.example/s.json' } })),
    '"$ref"',
    /must lead to a place in the same schema/,
  ],
  ['a reference to nowhere', textOf(toolWith({ outputs: { $ref: '#/$defs/a' } })), '"outputs"', /outputs: is no JSON Schema that can be used/],
  ['a permission that is none', textOf(toolWith({ permissions: ['all'] })), '"all"', /permissions\[0\]: must look like spotify:use/],
  ['a time limit beyond ten minutes', textOf(toolWith({ timeoutMs: 600_001 })), '"timeoutMs"', /timeoutMs/],
  ['a name that no template can say', textOf(toolWith(), { secrets: { 'my-key': {} } }), '"my-key"', /secrets\.my-key: The name must be letters/],
  ['an input that is not there', withHttp({ query: { q: '{{inputs.di}}' } }), '"q"', /http\.query\.q: `inputs` has no `di`/],
  ['a secret that is not declared', withHttp({ headers: { a: '{{secrets.other}}' } }), '"a"', /`secrets` has no `other`/],
  ['a setting that is not declared', withHttp({ headers: { a: '{{settings.constructor}}' } }), '"a"', /`settings` has no `constructor`/],
  ['a root that is not there', withHttp({ headers: { a: '{{env.HOME}}' } }), '"a"', /There is no `env` here/],
  ['a template that is not closed', withHttp({ headers: { a: '{{inputs.id' } }), '"a"', /not closed/],
  ['a filter that is not there', withHttp({ headers: { a: '{{inputs.id | shell}}' } }), '"a"', /shell/],
  ['a list where one value is needed', withHttp({ headers: { a: '{{inputs.list}}' } }), '"a"', /headers\.a: /],
  ['an expression that is none', withHttp({ output: { path: 'body..x' } }), '"path"', /output\.path/],
  ['all secrets at once', withHttp({ headers: { a: '{{secrets | json}}' } }), '"a"', /reads a secret by its name/],
  ['a secret in the URL', withHttp({ url: 'https://api.example.com/{{secrets.key}}' }), '"url"', /Secrets may stand in headers/],
  [
    'a secret that a filter brings into the URL',
    withHttp({ url: 'https://api.example.com/{{inputs.id | default: secrets.key}}' }),
    '"url"',
    /Secrets may stand/,
  ],
  ['the id of the call in the URL', withHttp({ url: 'https://api.example.com/{{call.id}}' }), '"url"', /The id of the call may stand/],
  ['a host from an input', withHttp({ url: 'https://{{inputs.id}}/x' }), '"url"', /Begin it with an origin/],
  ['a part of a host from an input', withHttp({ url: 'https://api.{{inputs.id}}.com/x' }), '"url"', /Begin it with an origin/],
  ['a port from an input', withHttp({ url: 'https://api.example.com:{{inputs.id}}/x' }), '"url"', /Begin it with an origin/],
  ['an input right behind the host', withHttp({ url: 'https://api.example.com{{inputs.id}}' }), '"url"', /Begin it with an origin/],
  ['an input right behind the setting', withHttp({ url: '{{settings.base}}{{inputs.id}}' }), '"url"', /Begin it with an origin/],
  ['a base that is not declared', withHttp({ url: '{{settings.constructor}}/x' }), '"url"', /`settings` has no `constructor`/],
  ['a setting behind a filter', withHttp({ url: '{{settings.base | upper}}/x' }), '"url"', /Begin it with an origin/],
  ['a user in the URL', withHttp({ url: 'https://me:pw@api.example.com/' }), '"url"', /Begin it with an origin/],
  ['another scheme', withHttp({ url: 'file:///etc/passwd' }), '"url"', /Begin it with an origin/],
  ['steps upwards', withHttp({ url: 'https://api.example.com/a/%2E./b' }), '"url"', /segments \. and \.\./],
  ['a fragment', withHttp({ url: 'https://api.example.com/a#b' }), '"url"', /must not hold/],
  [
    'a base that is none',
    textOf(toolWith({ http: { method: 'GET', url: '{{settings.base}}/a' } }), { settings: { base: { default: 'ftp://x' } } }),
    '"default"',
    /settings\.base\.default/,
  ],
  ['a body of GET', withHttp({ body: {} }), '"body"', /A GET request has no body/],
  ['two bodies', withHttp({ method: 'POST', body: {}, text: 'a' }), '"text"', /There is one body/],
  ['a header of the connection', withHttp({ headers: { Host: 'other' } }), '"Host"', /belongs to the connection/],
  ['a header twice', withHttp({ headers: { 'X-A': '1', 'x-a': '2' } }), '"x-a"', /stands there twice/],
  ['a header with a line break in its name', withHttp({ headers: { 'X\r\nY': '1' } }), '"X\\r\\nY"', /is no name of a header/],
  ['a program from an input', withCommand({ argv: ['{{inputs.id}}'] }), '"{{inputs.id}}"', /argv\[0\]: The program must be written out/],
  ['no program', withCommand({ argv: [] }), '"argv"', /argv/],
  ['a secret among the arguments', withCommand({ argv: ['ls', '{{secrets.key}}'] }), '"{{secrets.key}}"', /Secrets may stand/],
  ['an input as the text of a program', withCommand({ argv: ['/bin/bash', '-lc', 'echo {{inputs.id}}'] }), '"echo', /would run what/],
  ['an input as code of node', withCommand({ argv: ['node', '-e', '{{inputs.id}}'] }), '"{{inputs.id}}"', /would run what/],
  [
    'an input as code behind other programs',
    withCommand({ argv: ['env', 'A=b', '/bin/sh', '-e', '-c', '{{inputs.id}}'] }),
    '"{{inputs.id}}"',
    /sh would run what/,
  ],
  ['an input as code in one item', withCommand({ argv: ['python3', '-c{{inputs.id}}'] }), '"-c{{inputs.id}}"', /python3 would run what/],
  [
    'an input as code behind an equals sign',
    withCommand({ argv: ['node', '--eval={{inputs.id}}'] }),
    '"--eval={{inputs.id}}"',
    /node would run what/,
  ],
  ['a variable that loads code', withCommand({ argv: ['ls'], env: { LD_PRELOAD: '{{inputs.id}}' } }), '"LD_PRELOAD"', /decides what programs run/],
  ['a folder outside', withCommand({ argv: ['ls'], cwd: 'a/../../b' }), '"cwd"', /inside the workspace/],
  ['a folder that is absolute', withCommand({ argv: ['ls'], cwd: '/etc' }), '"cwd"', /inside the workspace/],
  ['an object among the arguments', withCommand({ argv: ['ls', '{{inputs.deep}}'] }), '"{{inputs.deep}}"', /argv\[1\]/],
  [
    'an id of a prototype',
    textOf(toolWith({ http: { ...http, query: JSON.parse('{"__proto__": "a"}') as object } })),
    '"__proto__"',
    /The key "__proto__" is not taken/,
  ],
])('%s is told in one sentence, with its line', (_, text, part, told) => {
  const [problem, ...others] = manifestProblems(text)
  expect(others).toEqual([])
  expect(problem?.message).toMatch(told)
  expect(problem?.message.startsWith(`Line ${problem.line}`)).toBe(true)
  if (part !== '') expect(problem?.line).toBe(lineOf(text, part) + (part.includes('\n') ? 1 : 0))
})
test('an option of a script, and an argument behind a program that is written out, may be filled in', () => {
  for (const argv of [
    ['python3', 'deploy.py', '-c', '{{inputs.id}}'],
    ['sh', '-c', 'echo "$1"', 'sh', '{{inputs.id}}'],
    ['python3', 'deploy.py', '-c{{inputs.id}}'],
    ['grep', '-e', '{{inputs.id}}'],
    ['node', 'tool.mjs', '--count={{inputs.id}}'],
  ])
    expect(manifestProblems(withCommand({ argv }))).toEqual([])
})
test('several faults are told together, each with its own line', () => {
  const text = withHttp({ query: { a: '{{inputs.x}}', b: '{{inputs.y}}' }, headers: { c: '{{z.z}}' } })
  expect(manifestProblems(text).map(({ line }) => line)).toEqual(['"a"', '"b"', '"c"'].map((part) => lineOf(text, part)))
})
test('a text that is no manifest at all is told so', () => {
  for (const text of ['', 'null', '[]', '1', '"a"', '{}', '{"tools": []}', '\u0000', '['.repeat(100_000)]) {
    const { manifest, problems } = readManifest(text)
    expect(manifest).toBeNull()
    expect(problems.length).toBeGreaterThan(0)
  }
})
test('the manifests that the page about apps shows are taken, and its fault is told as it says', () => {
  const page = readFileSync(new URL('../../../../../docs/how-to/add-an-app.md', import.meta.url), 'utf8')
  const shown = [...page.matchAll(/^```json\n([^]*?)^```$/gm)].map(([, text = '']) => text)
  expect(shown.length).toBe(2)
  expect(shown.map(manifestProblems)).toEqual([[], []])
  const [problem] = manifestProblems(shown[0]!.replace('{{inputs.days}}', '{{inputs.day}}'))
  expect(page).toContain(`\n${problem?.message}\n`)
})
