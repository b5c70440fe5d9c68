import { existsSync } from 'node:fs'
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'smol-toml'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { atTerminal, hasTerminal } from './at-terminal.ts'
import { project } from './project.ts'
import { createPlace, type Place } from './steward.ts'

const bin = fileURLToPath(new URL('../bin/steward.mjs', import.meta.url))
let place: Place
let user: string
beforeEach(async () => {
  place = await createPlace(project)
  user = path.dirname(place.home)
})
afterEach(() => place[Symbol.asyncDispose]())
const install = (client: string, ...more: string[]) => place.run(['mcp', 'install', client, ...more])
const at = (file: string) => path.join(user, file)
const read = (file: string) => readFile(at(file), 'utf8')
async function put(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(at(file)), { recursive: true })
  await writeFile(at(file), text)
}
const launch = () => ({ command: process.execPath, args: [bin, 'mcp', '--home', place.home] })
const besides = async (file: string) => (await readdir(path.dirname(at(file)))).filter((name) => name.startsWith(path.basename(file))).toSorted()

const files = {
  claude: ['.claude.json', 'mcpServers'],
  cursor: ['.cursor/mcp.json', 'mcpServers'],
  vscode: ['.config/Code/User/mcp.json', 'servers'],
  codex: ['.codex/config.toml', 'mcp_servers'],
} as const
describe.each(Object.entries(files))('steward mcp install %s', (client, [file, table]) => {
  const parsed = async () => (client === 'codex' ? parse(await read(file)) : JSON.parse(await read(file))) as any

  test('makes a file where there is none, shown first, that has a host start Steward', async () => {
    const { code, stdout } = await install(client, '--yes')
    expect(code).toBe(0)
    expect(stdout).toContain('+++ ')
    expect(stdout).toContain(`written to ${at(file)}`)
    expect((await parsed())[table].steward).toMatchObject(launch())
    expect(await besides(file)).toEqual([path.basename(file)])
  })
  test('writes nothing the second time', async () => {
    await install(client, '--yes')
    const before = await read(file)
    const { code, stdout } = await install(client)
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('has it already') })
    expect(await read(file)).toBe(before)
    expect(await besides(file)).toEqual([path.basename(file)])
  })
  test('writes nothing without --yes where nobody can be asked, but shows it', async () => {
    const { code, stdout, stderr } = await install(client)
    expect([code, stdout.includes('+++ '), stderr]).toEqual([2, true, expect.stringContaining('--yes')])
    expect(existsSync(at(file))).toBe(false)
  })
  test('refuses a broken file with a sentence and leaves it as it is', async () => {
    for (const broken of ['{"a": ', '[unclosed\n= 1', '\u0000']) {
      await put(file, broken)
      const { code, stderr } = await install(client, '--yes')
      expect([code, stderr]).toEqual([7, expect.stringMatching(/is not to be read as (JSON|TOML) \(.+\)\. Mend it first; nothing was changed\./)])
      expect(await read(file)).toBe(broken)
    }
    await writeFile(at(file), Buffer.from([0xff, 0xfe]))
    expect((await install(client, '--yes')).stderr).toContain('is not UTF-8 text')
    expect(await besides(file)).toEqual([path.basename(file)])
  })
})
test('in JSON everything else stays byte for byte, and the old file is kept beside it', async () => {
  const before = '{\n\t"theme":   "dark",\n\t"mcpServers": {\n\t\t"other": { "command": "x",   "args": [] }\n\t},\n\t"n": 1.50\n}'
  await put('.claude.json', before)
  await chmod(at('.claude.json'), 0o640)
  await install('claude', '--yes')
  const after = await read('.claude.json')
  const added = after.slice(after.indexOf(',\n\t\t"steward"'), after.indexOf('\n\t},\n\t"n"'))
  expect(after.replace(added, '')).toBe(before)
  expect(added).toMatch(/^,\n\t\t"steward": \{\n\t\t\t"type": "stdio"/)
  expect(await read('.claude.json.before-steward')).toBe(before)
  expect((await stat(at('.claude.json'))).mode & 0o777).toBe(0o640)
})
test('an entry of Steward is brought up to date, with what people added to it', async () => {
  await put('.cursor/mcp.json', '{"mcpServers":{"steward":{"command":"old","args":["mcp"],"env":{"A":"1"}}}}')
  await install('cursor', '--yes')
  expect(JSON.parse(await read('.cursor/mcp.json'))).toEqual({ mcpServers: { steward: { ...launch(), env: { A: '1' } } } })
})
test('comments and trailing commas stay where a host allows them, and are refused where it does not', async () => {
  const text = '{\n  // mine\n  "servers": {\n    "other": { "command": "x" },\n  },\n}\n'
  await put('.config/Code/User/mcp.json', text)
  expect((await install('vscode', '--yes')).code).toBe(0)
  expect(await read('.config/Code/User/mcp.json')).toContain('  // mine\n')
  await put('.claude.json', '{\n  // mine\n}')
  expect((await install('claude', '--yes')).code).toBe(7)
})
test('a table that is something else is refused', async () => {
  for (const [client, file, text] of [
    ['claude', '.claude.json', '{"mcpServers": []}'],
    ['claude', '.claude.json', '[]'],
    ['codex', '.codex/config.toml', 'mcp_servers = { steward = { command = "old" } }\n'],
    ['codex', '.codex/config.toml', 'mcp_servers.steward.command = "old"\n'],
  ] as const) {
    await put(file, text)
    expect([text, (await install(client, '--yes')).code, await read(file)]).toEqual([text, 7, text])
  }
})
test('in TOML only the own section is written: comments, order and other sections stay', async () => {
  const head = '# mine\nmodel = "o3"   # kept\n\n[mcp_servers.other]\ncommand = "x"\nargs = [\n  "[mcp_servers.steward]",\n]\n'
  await put('.codex/config.toml', head)
  await install('codex', '--yes')
  const once = await read('.codex/config.toml')
  expect(once.startsWith(head)).toBe(true)
  expect(once.slice(head.length)).toMatch(/^\n\[mcp_servers\.steward\]\ncommand = ".+"\nargs = \[.+\]\n$/)

  const old = `${head}\n[mcp_servers.steward] # agents\n# slow at first\nstartup_timeout_sec = 20\nargs = [\n  "old",\n  "mcp",\n]\ncommand = 'old'\n\n[mcp_servers.steward.env]\nA = "1"\n\n[tui]\nx = 1\n`
  await put('.codex/config.toml', old)
  await install('codex', '--yes')
  const after = await read('.codex/config.toml')
  expect(parse(after)).toEqual({
    ...(parse(old) as object),
    mcp_servers: { other: expect.anything(), steward: { ...launch(), startup_timeout_sec: 20, env: { A: '1' } } },
  })
  expect(after).toContain('[mcp_servers.steward] # agents\n')
  expect(after).toContain('# slow at first\nstartup_timeout_sec = 20\n')
  expect(after.endsWith('\n[mcp_servers.steward.env]\nA = "1"\n\n[tui]\nx = 1\n')).toBe(true)
})
test('both programs of Claude are written where both are there, and a linked file stays a link', async () => {
  await put('dotfiles/claude.json', '{}')
  await symlink(at('dotfiles/claude.json'), at('.claude.json'))
  await put('.config/Claude/claude_desktop_config.json', '{}')
  const { stdout } = await install('claude', '--yes')
  expect(stdout).toMatch(/Claude Code: written[^]*Claude Desktop: written/)
  expect(JSON.parse(await read('dotfiles/claude.json')).mcpServers.steward).toEqual({ type: 'stdio', ...launch() })
  expect(JSON.parse(await read('.config/Claude/claude_desktop_config.json')).mcpServers.steward).toEqual(launch())
})
test.skipIf(!hasTerminal)('at a terminal a person is asked, and may say no', async () => {
  await put('.cursor/mcp.json', '{}\n')
  const no = await atTerminal(place, ['mcp', 'install', 'cursor'], [['Write this? [y/N]', 'n\r']])
  expect(no).toMatchObject({ code: 130, text: expect.stringContaining('Nothing was changed.') })
  expect(await read('.cursor/mcp.json')).toBe('{}\n')
  const yes = await atTerminal(place, ['mcp', 'install', 'cursor'], [['Write this? [y/N]', 'y\r']])
  expect(yes.code).toBe(0)
  expect(JSON.parse(await read('.cursor/mcp.json'))).toEqual({ mcpServers: { steward: launch() } })
})
test('an unknown host is told which are known', async () => {
  const { code, stderr } = await install('emacs')
  expect([code, stderr]).toEqual([2, expect.stringContaining('claude, codex, cursor, vscode')])
})
