import { Argument, Command, Option } from 'commander'
import { exitCodeHelp } from './exit-codes.ts'
import type { Io } from './io.ts'
import { addLifecycle } from './daemon/commands.ts'
import { addPlaceOptions, withHome } from './daemon/options.ts'
import { addOperations } from './operations/commands.ts'
import type { Outline } from './operations/outline.ts'
import type { BackupOptions } from './backup.ts'
import type { GatewayCommandOptions } from './gateway.ts'
import { addLogsOptions, type LogsOptions } from './logs/options.ts'
import { mcpClients } from './mcp/clients.ts'
import type { InstallOptions } from './mcp/install.ts'
import { addRelay } from './relay/commands.ts'
import type { RunCommandOptions } from './talk/run.ts'
import type { TalkOptions } from './talk/connect.ts'

/** Takes the exit code a command has answered. */
export type Done = (exitCode: number) => void

/**
 * The whole command line: what is written here by hand, and every operation from the contract; or the operations of one noun alone, which starts
 * faster. What a command does is loaded when it is used.
 */
export function createProgram(io: Io, outline: Outline, done: Done, onlyNoun?: string): Command {
  const program = new Command('steward')
    .description('AI agents on your own machine.')
    .option('-V, --version', 'say the version')
    .helpCommand(false)
    .showHelpAfterError('More with --help.')
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', exitCodeHelp)
    .exitOverride()
  if (onlyNoun === undefined) addByHand(program, io, outline, done)
  addOperations(
    program,
    outline.operations,
    async (spelling, typed, short) => {
      if (short === 'plan') done(await (await import('./plan/plan.ts')).plan(spelling, typed, io))
      else done(await (await import('./operations/perform.ts')).perform(spelling, typed, io, outline.operations))
    },
    onlyNoun,
  )
  program.commands
    .find((command) => command.name() === 'plan')
    ?.description('Turn a request into a plan, show it, and run it when you say so.')
    .option('--yes', 'run the plan without asking; a call that needs approval still waits')
  const logs = program.commands.find((command) => command.name() === 'logs')
  if (logs) addLogs(logs, io, outline, done)
  for (const command of program.commands) inherit(command)
  return program
}
function addByHand(program: Command, io: Io, outline: Outline, done: Done): void {
  addLogs(addLifecycle(program, io, done).command('logs'), io, outline, done)
  addTalk(program, io, outline, done)
  addBackups(program, io, done)
  addMcp(program, io, done)
  addGateway(program, io, done)
  addRelay(program, io, done)
  program
    .command('completion')
    .description('print a script that lets a shell complete commands with Tab')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: string) => {
      const { completionScript } = await import('./completion.ts')
      io.stdout.write(completionScript(shell, createProgram(io, outline, done)))
    })
}
/** Subcommands take what was set above them. */
function inherit(command: Command): void {
  for (const sub of command.commands) inherit(sub)
  command.helpCommand(false)
}
/** Gives a command what `steward logs` does; its operations stay its subcommands. */
function addLogs(command: Command, io: Io, { logLevels }: Outline, done: Done): void {
  withHome(addLogsOptions(command, logLevels))
    .description('show the log, also while no daemon runs; list: by page, through any door')
    .action(async (options: LogsOptions) => done(await (await import('./logs/logs.ts')).logs(options, io)))
}
function withTalkOptions(command: Command, { permissionModes }: Outline): Command {
  return withHome(command)
    .option('--session <id>', 'go on in this session instead of a new one in the current folder')
    .option('--model <model>', 'provider/model, or builtin')
    .option('--agent <agent>', "an agent's name or id")
    .option('--yes', 'allow what would be asked (permission mode auto)')
    .option('--dont-ask', 'deny what would be asked (permission mode dontask); so it is where nobody can be asked')
    .addOption(new Option('--mode <mode>', 'permission mode').choices(permissionModes))
    .option('--url <url>', 'reach a daemon by its address')
    .option('--token <token>', 'access token for --url (or STEWARD_TOKEN)')
}
function addTalk(program: Command, io: Io, outline: Outline, done: Done): void {
  withTalkOptions(program.command('run').description('give an agent one piece of work in the current folder and show how it goes'), outline)
    .argument('<text...>', 'what is to be done; - reads it from standard input')
    .option('--budget <usd>', 'most money the run may cost, in USD')
    .option('--json', 'one JSON line for each event, and a last one {"result": …}')
    .addHelpText(
      'after',
      `
Exit codes:
  0    the run completed
  1    it failed, or was interrupted
  2    wrong usage
  3    no daemon could be reached
  4    it completed, but calls were denied because nobody could be asked
  130  it was cancelled (Ctrl-C, or from another door)
`,
    )
    .action(async (words: string[], options: RunCommandOptions) => done(await (await import('./talk/run.ts')).run(words, options, io)))
  withTalkOptions(program.command('chat').description('talk with an agent in the terminal'), outline).action(async (options: TalkOptions) =>
    done(await (await import('./talk/chat.ts')).chat(options, io)),
  )
}
const withJson = (command: Command) => withHome(command).option('--json', 'answer as JSON on one line')

function addBackups(program: Command, io: Io, done: Done): void {
  const backup = program.command('backup').description('copies of all data: create, verify, restore')
  withJson(backup.command('create').description('write a consistent copy of all data'))
    .argument('[path]', 'a folder that does not exist yet; else one in the backups folder')
    .action(async (to: string | undefined, options: BackupOptions) => done(await (await import('./backup.ts')).createBackup(to, options, io)))
  withJson(backup.command('verify').description('check that a copy is whole'))
    .argument('<path>', "the copy's folder")
    .action(async (from: string, options: BackupOptions) => done(await (await import('./backup.ts')).verifyBackup(from, options, io)))
  withJson(backup.command('restore').description('put a copy in place of all data; only while no daemon runs'))
    .argument('<path>', "the copy's folder")
    .option('--yes', 'do not ask')
    .action(async (from: string, options: BackupOptions) => done(await (await import('./backup.ts')).restoreFrom(from, options, io)))
}

function addMcp(program: Command, io: Io, done: Done): void {
  const mcp = withHome(program.command('mcp').description('serve MCP over standard input and output; starts the daemon when it does not run'))
  mcp.action(async (options: { home?: string }) => done(await (await import('./mcp/serve.ts')).serveMcp(options, io)))
  mcp
    .command('install')
    .description('write Steward into the configuration of an MCP host: the change is shown first, the old file is kept beside it')
    .addArgument(new Argument('<client>').choices(Object.keys(mcpClients)))
    .option('--yes', 'do not ask')
    .action(async (client: keyof typeof mcpClients, options: InstallOptions, command: Command) =>
      done(await (await import('./mcp/install.ts')).installMcp(client, { ...command.parent?.opts<InstallOptions>(), ...options }, io)),
    )
}

function addGateway(program: Command, io: Io, done: Done): void {
  const gateway = withHome(program.command('gateway').description('serve HTTP, SSE, WebSocket and MCP in a process of its own, before the daemon'))
  addPlaceOptions(gateway)
    .option('--port <number>', 'port of the HTTP door; a free one unless said')
    .option('--socket <path>', "the daemon's socket (else the one that the daemon of the home has written down)")
    .option('--key <file>', "the gateway's key (else run/gateway.key of the home)")
    .action(async (options: GatewayCommandOptions) => done(await (await import('./gateway.ts')).serveGateway(options, io)))
}
