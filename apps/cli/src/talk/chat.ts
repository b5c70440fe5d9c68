import { Fault } from '@steward/contract'
import { exitCodes } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import { oneLine } from '../output/clean.ts'
import { writeFault } from '../output/fault.ts'
import { createAsker } from './asker.ts'
import { connect, modeOf, openSession, type TalkOptions } from './connect.ts'
import { createScreen } from './screen.ts'
import { startTurn, type Turn } from './turn.ts'

const help = `/model NAME  change the model, such as /model builtin
/new         begin a new session
/help        show this
/exit        leave (or Ctrl-D)
Ctrl-C cancels the run under way; twice leaves.`

interface State {
  session?: string
  model?: string
  /** Where the session's log was read to. */
  after?: string
  turn?: Turn
  /** A message was taken and its run has not ended. */
  busy?: boolean
  leaving?: boolean
}
/** `steward chat`: a conversation at the terminal, or from a pipe line by line. Answers the exit code. Throws Fault when it cannot begin. */
export async function chat(options: TalkOptions, io: Io): Promise<number> {
  const permissionMode = modeOf(options, io.canAsk)
  const link = await connect(options, io)
  const screen = createScreen(io)
  const state: State = options.model === undefined ? {} : { model: options.model }
  let presses = 0
  const interrupt = () => {
    if (++presses > 1) process.exit(exitCodes.cancelled)
    screen.note(state.busy === true ? 'Cancelling the run. Ctrl-C again leaves.' : 'Ctrl-C again leaves.')
    cancel()
  }
  const cancel = () => void state.turn?.cancel().catch((error: unknown) => writeFault(io.stderr, error, false))
  process.on('SIGINT', interrupt)
  const asker = createAsker(io, interrupt)
  const say = async (text: string) => {
    state.busy = true
    const { session: _given, ...fresh } = options
    const model = state.model === undefined ? {} : { model: state.model }
    state.session ??= (await openSession(link, { ...fresh, ...model }, text)).id
    const input = { sessionId: state.session, text, ...model, ...(permissionMode === undefined ? {} : { permissionMode }) }
    state.turn = await startTurn(
      link,
      { ...input, ...(state.after === undefined ? {} : { after: state.after }) },
      screen,
      io.canAsk ? asker : undefined,
    )
    // Ctrl-C may have come before the run was known.
    if (presses > 0) cancel()
    const { run, cursor } = await state.turn.ended
    if (cursor !== undefined) state.after = cursor
    if (run.status !== 'completed') screen.note(screen.style.yellow(`The run is ${run.status}${run.error ? `: ${oneLine(run.error)}` : '.'}`))
  }
  /** One line: a command or a message. A fault is told, and the conversation goes on. */
  const take = async (text: string) => {
    const [, name, word = ''] = /^\/(\w+)\s*(.*)$/.exec(text) ?? []
    try {
      if (name === undefined) await say(text)
      else screen.note(command(state, name, word))
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      writeFault(io.stderr, error, false)
    } finally {
      delete state.turn
      delete state.busy
    }
  }
  try {
    if (options.session !== undefined) state.session = (await openSession(link, options, '')).id
    if (io.canAsk) screen.note(screen.style.dim('Write a message; /help lists the commands, /exit leaves.'))
    while (state.leaving !== true) {
      const before = presses
      const line = await asker.ask(io.canAsk ? '> ' : '')
      if (line === undefined && presses === before) break
      if (line === undefined) continue
      // A Ctrl-C that came on the heels of the line is meant for its run.
      presses -= before
      if (line.trim() !== '') await take(line.trim())
      presses = 0
    }
  } finally {
    asker.close()
    await link.sender.close()
    process.off('SIGINT', interrupt)
  }
  if (state.session !== undefined) screen.note(screen.style.dim(`Go on with: steward chat --session ${state.session}`))
  return exitCodes.ok
}
/** Does what a line with a slash asks for; answers what to tell. */
function command(state: State, name: string, word: string): string {
  const commands: Readonly<Record<string, () => string>> = {
    exit: () => ((state.leaving = true), 'Good-bye.'),
    help: () => help,
    new() {
      delete state.session
      delete state.after
      return 'A new session begins with your next message.'
    },
    model() {
      if (word === '') return `The model is ${state.model ?? "the session's own"}. Change it with: /model NAME`
      state.model = word
      return `From now on: ${word}.`
    },
  }
  return Object.hasOwn(commands, name) ? (commands[name]?.() ?? '') : `There is no command /${oneLine(name)}. /help lists them.`
}
