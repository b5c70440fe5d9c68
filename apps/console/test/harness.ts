import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import axe from 'axe-core'
import { createClient, createFetchSender, type Client } from '@steward/client'
import { createWireServer, soak, spawnLines, tempDir, until, type Script, type Turn, type WireServer } from '@steward/testkit'
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'

const bin = fileURLToPath(new URL('../../cli/bin/steward.mjs', import.meta.url))
/** Where Debian's Chromium lies; null where it is not installed. */
const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((file) => existsSync(file)) ?? null
/** What a describe or test is named by where it cannot run. */
export const lackingChromium = chromiumPath === null ? ' (needs chromium)' : null
export const model = 'anthropic/wire-1'

export const launch = {
  executablePath: chromiumPath ?? '',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
  ],
}
/** Starts Chromium; one serves all tests of a file. */
export const startBrowser = (): Promise<Browser> => chromium.launch(launch)
export interface HostOptions {
  /** What the scripted model answers. */
  readonly turns?: readonly Turn[] | Script
  readonly env?: Readonly<Record<string, string>>
  /** False: no key of any vendor, so that `builtin` is the only model. */
  readonly key?: boolean
  /** So long a start may take before it is a fault. */
  readonly startMs?: number
}
/** A daemon of its own, started as people start it, in a process that can be killed; its model is a script. */
export interface Host extends AsyncDisposable {
  readonly home: string
  readonly workspace: string
  readonly url: string
  readonly token: string
  readonly client: Client
  readonly wire: WireServer
  pid(): number
  /** Ends the daemon as a crash would, and starts it again on the same data and port. */
  kill(): void
  start(): Promise<void>
  /** An address that logs a browser in. */
  loginAddress(): Promise<string>
}
/** Starts a daemon. One that does not start in time, or that ends instead, throws with what it said, and nothing of it is left. */
export async function startHost({ turns = [], env = {}, key = true, startMs = 25_000 }: HostOptions = {}): Promise<Host> {
  await using undone = new AsyncDisposableStack()
  const dir = undone.use(await tempDir('steward-console-'))
  const [home, workspace] = [path.join(dir.path, 'home'), path.join(dir.path, 'workspace')]
  mkdirSync(workspace)
  const wire = await createWireServer({ turns })
  undone.defer(() => wire.close())
  const all = {
    PATH: process.env['PATH'] ?? '',
    HOME: dir.path,
    STEWARD_HOME: home,
    STEWARD_WORKSPACE_ROOT: workspace,
    ...(key ? { ANTHROPIC_API_KEY: 'sk-wire-key-for-tests-0001', ANTHROPIC_BASE_URL: wire.url } : {}),
    ...env,
  }
  let child: ChildProcess | undefined
  let gonePid = 0
  const facts = () => {
    const file = path.join(home, 'run', 'daemon.json')
    if (!existsSync(file)) return undefined
    const read = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; url: string | null }
    return read.url === null ? undefined : { pid: read.pid, url: read.url }
  }
  /** The command and the daemon it starts are a group, so that neither outlives the other. */
  const signal = (name: NodeJS.Signals) => {
    if (child?.pid === undefined) return
    try {
      process.kill(-child.pid, name)
    } catch {
      // The group is gone.
    }
  }
  const ended = () =>
    new Promise<void>((resolve) =>
      child === undefined || child.exitCode !== null || child.signalCode !== null ? resolve() : child.once('exit', () => resolve()),
    )
  const begin = async () => {
    child = spawn(process.execPath, [bin, 'daemon', 'start', '--http', '--foreground'], {
      cwd: workspace,
      env: all,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const output = spawnLines(child)
    try {
      await until(() => (facts()?.pid ?? gonePid) !== gonePid || child?.exitCode !== null || child.signalCode !== null, {
        timeoutMs: startMs,
        what: 'a daemon that is ready',
      })
      const now = facts()
      if (now !== undefined && now.pid !== gonePid) return now.url
      throw new Error(`The daemon has ended with ${child.exitCode ?? child.signalCode}.`)
    } catch (error) {
      signal('SIGKILL')
      throw new Error(`The daemon did not start. It said: ${output.text()}`, { cause: error })
    }
  }
  const end = async () => {
    signal('SIGTERM')
    const late = setTimeout(() => signal('SIGKILL'), 10_000)
    await ended()
    clearTimeout(late)
  }
  // A test run that is broken off leaves no daemon behind.
  const broken = () => signal('SIGKILL')
  process.once('exit', broken)
  undone.defer(async () => {
    await end()
    process.off('exit', broken)
  })
  const url = await begin()
  const token = readFileSync(path.join(home, 'run', 'token'), 'utf8').trim()
  const client = createClient(createFetchSender({ url, token }))
  undone.defer(() => client.close())
  const owned = undone.move()
  return {
    home,
    workspace,
    url,
    token,
    client,
    wire,
    pid: () => facts()?.pid ?? 0,
    kill() {
      gonePid = facts()?.pid ?? 0
      signal('SIGKILL')
    },
    async start() {
      await ended()
      await begin()
    },
    async loginAddress() {
      const { code } = await client.logins.create({})
      return `${url}/app/login#code=${code}`
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
export interface Opened extends AsyncDisposable {
  readonly page: Page
  readonly context: BrowserContext
  /** What went wrong in the page: uncaught errors, errors on the console, requests to another host. Empty at the end of a story. */
  readonly wrong: string[]
  /** Goes to a page of the console: `/tasks`. */
  go(to: string): Promise<void>
}
/** Gathers what goes wrong in a page from now on (`Opened.wrong`). */
export function troublesOf(page: Page, host: Host): string[] {
  const wrong: string[] = []
  page.on('pageerror', (error) => void wrong.push(`uncaught: ${error.message}`))
  page.on('console', (message) => {
    // A daemon that is away is announced by the browser itself.
    if (message.type() === 'error' && !/net::ERR_|WebSocket connection to/.test(message.text())) wrong.push(`console: ${message.text()}`)
  })
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== host.url) wrong.push(`request to ${request.url()}`)
  })
  return wrong
}
/** Opens the console in a window of its own, logged in. Its service worker, which loads every part of the console, stays out unless it is asked for. */
export async function openConsole(browser: Browser, host: Host, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block', ...options })
  // Sooner than a test gives up: what was waited for is then said.
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  const wrong = troublesOf(page, host)
  await page.goto(await host.loginAddress())
  await page.getByRole('navigation').first().waitFor()
  return {
    page,
    context,
    wrong,
    async go(to) {
      await page.goto(`${host.url}/app${to}`)
      // Not by its role: a dialog that is open hides the page behind it from those who ask by role.
      await page.locator('main').waitFor()
    },
    [Symbol.asyncDispose]: () => context.close(),
  }
}
/** What a theme decides: all that has to be looked at again in the other one. */
export const byTheme = ['color-contrast', 'link-in-text-block']
/**
 * Expects that nothing on the page as it is shown now, in its theme, is a serious or critical obstacle by WCAG 2.2 AA and good practice, or by some rules of these. The
 * message says what, where and on which page.
 */
export async function expectAccessible(page: Page, rules?: readonly string[]): Promise<void> {
  // Evaluated, not added to the page: the page's own policy stays as it is.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(`${axe.source}; undefined`)
  const found = await page.evaluate(async (only) => {
    // A colour that is on its way is neither of the two.
    const moving = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
    await Promise.allSettled(moving.map(({ finished }) => finished))
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ['violations'],
      preload: false,
      ...(only === null ? { rules: { 'target-size': { enabled: true } } } : { runOnly: { type: 'rule' as const, values: [...only] } }),
    })
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, help, nodes }) => nodes.map((node) => `${id} (${help}) at ${node.target.join(' ')}: ${node.failureSummary ?? ''}`))
  }, rules ?? null)
  const theme = await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme)
  if (found.length > 0) throw new Error(`${new URL(page.url()).pathname}, ${theme}, holds obstacles:\n${found.join('\n')}`)
}
/**
 * The same in the middle of a story, where a page is in a state of its own: under `npm run soak`, since looking takes seconds. `npm test` looks at every page once, in
 * accessibility.test.ts.
 */
export const expectAccessibleThere = async (page: Page): Promise<void> => {
  if (soak(false, true)) await expectAccessible(page)
}
