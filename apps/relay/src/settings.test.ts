import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { defaults } from './config.ts'
import type { Setting } from './setting-table.ts'
import { readConfig, settings } from './settings.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const usual: Readonly<Record<string, unknown>> = { home: '~/.steward-relay', ...defaults }
const rows = Object.entries<Setting<unknown>>(settings).map(([field, row]) => ({ field, row, usual: usual[field] }))

test('a flag says more than the environment, the own variable more than a usual one, any of them more than the default', () => {
  const env = { PORT: '1', STEWARD_RELAY_PORT: '2', DATABASE_URL: 'postgres://x/y', REDIS_URL: '' }
  expect(readConfig({ port: '3' }, env)).toMatchObject({ port: 3, databaseUrl: 'postgres://x/y' })
  expect(readConfig({}, env)).toMatchObject({ port: 2 })
  expect(readConfig({}, { PORT: '1' })).toMatchObject({ port: 1 })
  expect(readConfig({}, {})).toEqual({ ...defaults, home: expect.stringMatching(/\.steward-relay$/) })
  expect(readConfig({}, env)).not.toHaveProperty('redisUrl')
  expect(readConfig({ home: 'a/b' }, {}).home).toBe(path.resolve('a/b'))
})
test('durations, sizes and truths are read as people write them', () => {
  const read = (env: Record<string, string>) => readConfig({}, env)
  expect(read({ STEWARD_RELAY_TOKEN_LIFE: '12h' }).tokenLifeMs).toBe(12 * 3_600_000)
  expect(read({ STEWARD_RELAY_TOKEN_LIFE: '1500' }).tokenLifeMs).toBe(1500)
  expect(read({ STEWARD_RELAY_MAX_BODY: '64 KiB' }).maxBodyBytes).toBe(65_536)
  expect(read({ STEWARD_RELAY_TRUST_PROXY: 'yes' }).trustProxy).toBe(true)
  expect(read({ STEWARD_RELAY_ACCEPT_CLIENT_CHALLENGES: 'Off' }).acceptClientChallenges).toBe(false)
  expect(read({ LOG_LEVEL: 'WARN' }).logLevel).toBe('warn')
})
test('a value that does not fit is told by the name of its variable, and never shown', () => {
  for (const { field, row } of rows) {
    const [variable] = row.variables
    const value = 'postgres:// me:hidden-word@'
    if (row.reads.safeParse(value).success) continue
    expect(() => readConfig({}, { [variable]: value }), field).toThrow(new RegExp(`^${variable} must be [^\\n]+\\.$`))
    expect(() => readConfig({}, { [variable]: value }), field).not.toThrow(/hidden-word/)
  }
})
test('no two settings have a variable in common', () => {
  const all = rows.flatMap(({ row }) => row.variables)
  expect(all.filter((name, at) => all.indexOf(name) !== at)).toEqual([])
})
test('every setting is read somewhere in the relay', () => {
  const sources = readdirSync(here, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|^config\.ts$|^settings\.ts$/.test(file))
    .map((file) => readFileSync(path.join(here, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''))
  const isRead = (field: string) =>
    sources.some((source) => new RegExp(`\\.${field}\\b|\\{[^{}]*\\b${field}\\b[^{}]*\\}(: RelayConfig| = config\\b)`).test(source))
  expect(Object.keys(settings).filter((field) => !isRead(field))).toEqual([])
})
/** A default as it would be set. */
function shown({ field, usual: value }: (typeof rows)[number]): string {
  if (typeof value !== 'number') return value === undefined ? '' : `\`${String(value)}\``
  const durations = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 }
  const units = field.endsWith('Ms') ? durations : field.endsWith('Bytes') ? { GiB: 1024 ** 3, MiB: 1024 ** 2, KiB: 1024, '': 1 } : { '': 1 }
  const [unit, scale] = Object.entries(units).find(([, of]) => value % of === 0 && value >= of) ?? ['', 1]
  return `\`${value / scale}${unit}\``
}
test('the reference tells of every setting; after a change it is written by: npm test -- -u apps/relay/src/settings.test.ts', async () => {
  const lines = rows.map((one) => `| ${one.row.variables.map((name) => `\`${name}\``).join(', ')} | ${shown(one)} | ${one.row.about} |`)
  await expect(
    `# Settings of a relay

Made from \`apps/relay/src/settings.ts\`. A flag of [\`steward relay start\`](how-to/run-a-relay.md) says more than a variable, the first variable of a row more than the others of it.
Durations are \`500ms\`, \`90s\`, \`15m\`, \`12h\` or \`365d\`, sizes \`64KiB\` or \`32MiB\`, truths \`true\` or \`false\`. An empty variable says nothing.

| variable | default | what |
|---|---|---|
${lines.join('\n')}
`,
  ).toMatchFileSnapshot('../../../docs/relay-settings.md')
})
