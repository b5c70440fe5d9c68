import { realpath } from 'node:fs/promises'
import type { Sender } from '@steward/client'
import { Fault } from '@steward/contract'
import type { Agent, Session } from '@steward/contract/daemon'
import { ensureDaemon } from '../daemon/ensure.ts'
import { homeAt } from '../home.ts'
import type { Io } from '../io.ts'
import { withProgress } from '../output/progress.ts'
import { answers } from '../reach/answers.ts'
import { remote } from '../reach/reach.ts'

/** What `run` and `chat` share. */
export interface TalkOptions {
  readonly home?: string
  readonly url?: string
  readonly token?: string
  readonly session?: string
  readonly model?: string
  readonly agent?: string
  readonly mode?: string
  readonly budget?: string
  readonly yes?: boolean
  readonly dontAsk?: boolean
}
export interface Link {
  readonly sender: Sender
  /** Its socket, where it is a daemon of this machine. */
  readonly socket?: string
}
/** The daemon to talk to; the one of this machine is started when it does not run, which stderr says. */
export async function connect({ url, token, home }: TalkOptions, io: Io): Promise<Link> {
  if (url !== undefined) return { sender: await remote(url, token ?? process.env['STEWARD_TOKEN']) }
  const daemon = await withProgress(io.stderr, 'Starting Steward', () =>
    ensureDaemon(homeAt(home), {}, () => io.stderr.write('Steward is not running: starting it.\n')),
  )
  return { sender: daemon.sender, socket: daemon.file.socket }
}
/** How tool calls are judged: what was asked for; else as the daemon's settings say where a person can be asked, and `dontask` where none can. Throws Fault for flags that contradict. */
export function modeOf({ yes, dontAsk, mode }: TalkOptions, canAsk: boolean): string | undefined {
  const asked = [...(yes === true ? ['auto'] : []), ...(dontAsk === true ? ['dontask'] : []), ...(mode === undefined ? [] : [mode])]
  if (asked.length > 1) throw new Fault('invalid', 'Only one of --yes, --dont-ask and --mode can be given.')
  return asked[0] ?? (canAsk ? undefined : 'dontask')
}
/** A cap in USD from a flag. Throws Fault `invalid`. */
export function budgetOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const budget = Number(text)
  if (text.trim() === '' || !Number.isFinite(budget) || budget < 0)
    throw new Fault('invalid', `--budget must be an amount of USD such as 0.50; ${text} is none.`)
  return budget
}
/** The session to go on with, or a new one in the current folder. */
export async function openSession({ sender, socket }: Link, options: TalkOptions, title: string): Promise<Session> {
  const { session, model, agent } = options
  if (session !== undefined) {
    if (agent !== undefined) throw new Fault('invalid', 'A session keeps its agent: give --agent only for a new session.')
    return (await sender.call('sessions.get', { id: session })) as Session
  }
  const agentId = agent === undefined ? undefined : await agentNamed(sender, agent)
  return (await sender.call('sessions.create', {
    title: titleOf(title),
    // A folder of this machine means nothing to another one.
    ...(socket === undefined ? {} : { workspace: { path: await realpath(process.cwd()) } }),
    ...(model === undefined ? {} : { model }),
    ...(agentId === undefined ? {} : { agentId }),
  })) as Session
}
const titleOf = (text: string): string => {
  const line = text.trim().split('\n', 1)[0]?.trim() ?? ''
  return [...line].slice(0, 80).join('').trim() || 'New session'
}
async function agentNamed(sender: Sender, agent: string): Promise<string> {
  if (agent.startsWith('agt_')) return agent
  const { items } = (await sender.call('agents.list', { limit: 200 })) as { items: Agent[] }
  const found = items.find(({ name }) => name.toLowerCase() === agent.toLowerCase())
  if (!found) throw new Fault('not_found', `There is no agent ${agent}. There are: ${items.map(({ name }) => name).join(', ')}.`)
  return found.id
}
const lookMs = 2_000

/** Says when the daemon of this machine goes away, and when it is back. A process that is gone cannot ring: it is looked for. */
export function watchDaemon(socket: string | undefined, say: (text: string) => void): () => void {
  if (socket === undefined) return () => undefined
  let there = true
  let looking = false
  const look = async () => {
    if (looking) return
    looking = true
    const now = await answers(socket)
    looking = false
    if (now === there) return
    there = now
    say(now ? 'The daemon is back.' : 'The daemon does not answer; waiting for it to come back. Ctrl-C gives up.')
  }
  const timer = setInterval(() => void look(), lookMs)
  timer.unref()
  return () => clearInterval(timer)
}
