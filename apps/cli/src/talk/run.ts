import { exitCodes } from '../exit-codes.ts'
import { readAll, type Io } from '../io.ts'
import { oneLine } from '../output/clean.ts'
import { writeFault } from '../output/fault.ts'
import { createAsker } from './asker.ts'
import { budgetOf, connect, modeOf, openSession, type Link, type TalkOptions } from './connect.ts'
import type { RunEnd } from './follow-run.ts'
import { createScreen, type Screen } from './screen.ts'
import { startTurn, type Turn } from './turn.ts'

export interface RunCommandOptions extends TalkOptions {
  readonly json?: boolean
}
/** `steward run`: one run, shown as it goes; the exit code tells how it ended (documented in --help). Throws Fault. */
export async function run(words: readonly string[], options: RunCommandOptions, io: Io): Promise<number> {
  const asJson = options.json === true
  const permissionMode = modeOf(options, io.canAsk)
  const budgetUsd = budgetOf(options.budget)
  const text = words.join(' ') === '-' ? await readAll(io.stdin) : words.join(' ')
  const link = await connect(options, io)
  try {
    const session = await openSession(link, options, text)
    const screen = createScreen(io, asJson)
    const interrupted = createInterrupt(screen)
    const asker = io.canAsk ? createAsker(io, interrupted.ring) : undefined
    const print = asJson ? (event: unknown) => void io.stdout.write(`${JSON.stringify(event)}\n`) : undefined
    const input = {
      sessionId: session.id,
      text,
      ...(options.model === undefined ? {} : { model: options.model }),
      ...(permissionMode === undefined ? {} : { permissionMode }),
      ...(budgetUsd === undefined ? {} : { budgetUsd }),
    }
    const turn = await startTurn(link, input, screen, asker, print)
    interrupted.meet(turn)
    const end = await turn.ended.finally(() => asker?.close())
    return conclude(end, permissionMode, asJson, screen, io)
  } finally {
    await close(link)
  }
}
const close = (link: Link) => link.sender.close()

function conclude({ run: ended, text, denied }: RunEnd, mode: string | undefined, asJson: boolean, screen: Screen, io: Io): number {
  const unasked = denied > 0 && mode === 'dontask'
  const codes = { completed: unasked ? exitCodes.denied : exitCodes.ok, cancelled: exitCodes.cancelled } as const
  const exitCode = ended.status in codes ? codes[ended.status as keyof typeof codes] : exitCodes.failed
  if (asJson) io.stdout.write(`${JSON.stringify({ result: { ...ended, text, denied, exitCode } })}\n`)
  if (ended.status === 'failed') screen.note(screen.style.red(`The run failed: ${oneLine(ended.error ?? ended.stop ?? 'no reason was given')}`))
  if (ended.status === 'cancelled') screen.note('The run was cancelled.')
  if (ended.status === 'interrupted') screen.note(screen.style.red(`The run was interrupted; take it up again with: steward runs resume ${ended.id}`))
  if (unasked)
    screen.note(
      screen.style.yellow(
        `${denied === 1 ? 'A tool call was' : `${denied} tool calls were`} denied, as nobody could be asked. --yes allows what would be asked.`,
      ),
    )
  return exitCode
}
/** Ctrl-C: the first cancels the run and waits for its end, the second leaves at once. */
function createInterrupt(screen: Screen) {
  let count = 0
  let turn: Turn | undefined
  const cancel = () =>
    turn?.cancel().catch((error: unknown) => {
      writeFault(process.stderr, error, false)
    })
  const ring = () => {
    if (++count > 1) process.exit(exitCodes.cancelled)
    screen.note('Cancelling the run. Ctrl-C again leaves at once.')
    void cancel()
  }
  /** A run that was asked for when Ctrl-C came is cancelled as soon as it is known. */
  const meet = (started: Turn) => {
    turn = started
    if (count > 0) void cancel()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, ring)
  return { ring, meet }
}
