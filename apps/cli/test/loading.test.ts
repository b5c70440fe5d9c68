import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { project } from './project.ts'
import { createPlace } from './steward.ts'

const bin = fileURLToPath(new URL('../bin/steward.mjs', import.meta.url))
const loaded = `
import { registerHooks } from 'node:module'
const urls = []
registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) })
process.on('exit', () => process.stderr.write(JSON.stringify(urls.filter((url) => /node_modules.zod|contract.src.daemon.(?!protocol)|apps.(daemon|relay)|node_modules.(kysely|fastify|socket.io|pino)/.test(url)))))`

test(
  'a command for a running daemon loads neither the schemas of the contract nor the daemon, so that it starts at once',
  { timeout: 60_000 },
  async () => {
    await using place = await createPlace(project)
    await place.run(['daemon', 'start'])
    await place.run(['sessions', 'list'])
    for (const words of [
      ['sessions', 'list', '--json'],
      ['status', '--json'],
      ['config', 'get', 'log.level', '--json'],
    ]) {
      const args = ['--import', `data:text/javascript,${encodeURIComponent(loaded)}`, bin, ...words]
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, STEWARD_HOME: place.home } })
      expect(JSON.parse(stderr), words.join(' ')).toEqual([])
      expect(stdout).toMatch(/^\{/)
    }
  },
)
test("the help of the relay's commands loads no relay, and a relay loads nothing of the daemon's", { timeout: 60_000 }, async () => {
  const preload = `data:text/javascript,${encodeURIComponent(loaded)}`
  const help = await promisify(execFile)(process.execPath, ['--import', preload, bin, 'relay', 'start', '--help'])
  expect(help.stdout).toContain('--database-url')
  expect(JSON.parse(help.stderr)).toEqual([])
  const described = await promisify(execFile)(process.execPath, ['--import', preload, bin, 'relay', 'openapi'], { maxBuffer: 1 << 26 })
  const urls = JSON.parse(described.stderr) as string[]
  expect(urls.filter((url) => url.includes('apps/relay')).length).toBeGreaterThan(10)
  expect(urls.filter((url) => /apps.daemon|contract.src.daemon/.test(url))).toEqual([])
})
