import { execFile } from 'node:child_process'
import { createServer, request } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tempDir } from '@steward/testkit'
import { startDaemon, type TestDaemon } from '../kit.ts'

const run = promisify(execFile)
const require = createRequire(import.meta.url)
const suite = require.resolve('@modelcontextprotocol/conformance/dist/index.js')

/** What the suite asks a server for by name, as apps: a tool `test.simple_text` has the name `test_simple_text`. */
const tool = (id: string, argv: readonly string[], more: object = {}) => ({
  id,
  name: id,
  description: `For the conformance suite: ${id}.`,
  inputs: { type: 'object', properties: {}, additionalProperties: false },
  risk: 'read',
  repeatable: true,
  command: { argv, output: { as: 'text' } },
  ...more,
})
/** The schema that the suite looks for, keyword by keyword. */
const schema2020 = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: { address: { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } } },
  properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
  additionalProperties: false,
}
const manifests = {
  test: {
    id: 'test',
    name: 'Test',
    tools: [
      tool('simple_text', ['printf', '%s', 'This is a simple text response for testing.']),
      tool('error_handling', ['false']),
      tool('tool_with_progress', ['sleep', '7']),
    ],
  },
  json: { id: 'json', name: 'JSON', tools: [tool('schema_2020_12_tool', ['true'], { inputs: schema2020 })] },
}
/** Scenarios that say something about a server like ours. */
const applying = [
  'server-initialize',
  'ping',
  'tools-list',
  'tools-call-simple-text',
  'tools-call-error',
  'tools-call-with-progress',
  'json-schema-2020-12',
  'resources-list',
  'server-sse-multiple-streams',
  'dns-rebinding-protection',
]
const noPictures = 'a tool of Steward gives JSON and text; pictures and sounds are files of sessions'
const noAsking = 'Steward asks no host: approvals and questions are put to people through its own doors'
const ownAddresses = 'the suite asks for a resource of its own (test://…); those of Steward are skills, by skill://NAME'
const noPrompts = 'Steward has no prompts for hosts'
const skipped: Readonly<Record<string, string>> = {
  'server-sse-polling': 'a stream that was cut is not taken up (the suite asks for it with SHOULD): what came of a tool stands in the history',
  'logging-set-level': 'logging is deprecated in the newest revision; Steward has its own log',
  'tools-call-with-logging': 'logging is deprecated in the newest revision; Steward has its own log',
  'completion-complete': noPrompts,
  'tools-call-image': noPictures,
  'tools-call-audio': noPictures,
  'tools-call-embedded-resource': noPictures,
  'tools-call-mixed-content': noPictures,
  'tools-call-sampling': noAsking,
  'tools-call-elicitation': noAsking,
  'elicitation-sep1034-defaults': noAsking,
  'elicitation-sep1330-enums': noAsking,
  'resources-read-text': ownAddresses,
  'resources-read-binary': ownAddresses,
  'resources-templates-read': ownAddresses,
  'resources-subscribe': ownAddresses,
  'resources-unsubscribe': ownAddresses,
  'prompts-list': noPrompts,
  'prompts-get-simple': noPrompts,
  'prompts-get-with-args': noPrompts,
  'prompts-get-embedded-resource': noPrompts,
  'prompts-get-with-image': noPrompts,
}
let daemon: TestDaemon
/** The suite sends no credential: this adds the owner's, and passes on everything else as it is, Host and Origin too. */
const front = createServer((asked, answer) => {
  const { hostname, port } = new URL(daemon.url)
  const headers = { ...asked.headers, authorization: `Bearer ${daemon.token}` }
  const passed = request({ hostname, port, method: asked.method, path: asked.url, headers, setHost: false }, (got) => {
    answer.writeHead(got.statusCode ?? 502, got.headers)
    got.pipe(answer)
  })
  passed.on('error', () => answer.destroy())
  answer.on('close', () => passed.destroy())
  asked.pipe(passed)
})
let url = ''
beforeAll(async () => {
  daemon = await startDaemon({ manifests })
  await daemon.client.skills.create({ name: 'listed', description: 'Is listed.' })
  for (const { id } of manifests.test.tools) await daemon.client.permissions.add({ tool: `test.${id}`, action: 'allow', level: 'global' })
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(front.address() as AddressInfo).port}/mcp`
})
afterAll(async () => {
  front.closeAllConnections()
  front.close()
  await daemon[Symbol.asyncDispose]()
})
const conformance = async (...words: string[]) => {
  await using dir = await tempDir('conformance-')
  return await run(process.execPath, [suite, ...words], { cwd: dir.path }).then(
    ({ stdout }) => ({ text: stdout, code: 0 }),
    (error: { stdout: string; stderr: string; code: number }) => ({ text: `${error.stdout}${error.stderr}`, code: error.code }),
  )
}
describe('the conformance suite of MCP finds no fault', () => {
  test.each(applying)('%s', async (scenario) => {
    const { text, code } = await conformance('server', '--url', url, '--scenario', scenario)
    expect(code, text).toBe(0)
    expect(text).toMatch(/Passed: ([1-9]\d*)\/\1, 0 failed, 0 warnings/)
  })
  test('and what does not apply has its reason', async () => {
    const { text } = await conformance('list', '--server')
    const all = [...text.matchAll(/^ {2}- ([\w-]+) \[/gm)].map(([, name]) => name)
    expect([...applying, ...Object.keys(skipped)].toSorted()).toEqual(all.toSorted())
  })
})
