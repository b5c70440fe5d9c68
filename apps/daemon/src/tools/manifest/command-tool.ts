import { boundHead, boundMiddle, count } from '../bounds.ts'
import { type Acts, outputCheck, withoutSecrets } from './acts.ts'
import { argvOf, folderOf, outputBytes as mostBytes, printedOf, refuseFailure, surroundings } from './command.ts'
import { callFiller, type ManifestPorts, secretsIn, shownFiller } from './filler.ts'
import { shellLine } from './quote.ts'
import type { CommandCall, Manifest, ManifestTool } from './schema.ts'

const previewBytes = 4000

/** A tool that is a command. */
export function commandTool(app: Manifest, tool: ManifestTool, command: CommandCall, ports: ManifestPorts): Acts {
  const check = outputCheck(tool.outputs)
  const isSecret = secretsIn(tool).length > 0
  return {
    async targets(input, at) {
      const argv = argvOf(command, shownFiller(app, tool, input, ports))
      return [{ kind: 'command', command: shellLine(argv), cwd: await folderOf(command, at) }]
    },
    async preview(input) {
      const filler = shownFiller(app, tool, input, ports)
      const { stdin } = surroundings(command, filler)
      const where = command.cwd === undefined ? '' : ` (in ${command.cwd})`
      const given = stdin === undefined ? '' : `\nwith this input:\n${stdin}`
      return { summary: boundMiddle(`Run: ${shellLine(argvOf(command, filler))}${where}${given}`, previewBytes) }
    },
    async run(input, context) {
      const { signal, outputBytes } = context
      const filler = callFiller(app, tool, input, context.callId, ports)
      const { argv, env, stdin, cwd } = await withoutSecrets(filler.hider(), signal, async () => ({
        argv: argvOf(command, filler),
        ...surroundings(command, filler),
        cwd: await folderOf(command, context),
      }))
      const hider = filler.hider()
      return withoutSecrets(hider, signal, async () => {
        const result = await context.processes.run(
          {
            command: argv,
            cwd,
            env,
            ...(stdin === undefined ? {} : { stdin }),
            timeoutMs: tool.timeoutMs,
            outputBytes: Math.max(outputBytes, mostBytes),
            writable: context.files.roots,
            network: true,
          },
          signal,
          // A piece may end in the middle of a secret.
          isSecret ? undefined : context.progress,
        )
        signal.throwIfAborted()
        refuseFailure(result, argv[0] ?? '', tool.timeoutMs)
        const output = hider.json(printedOf(command, result, check))
        const said = typeof output === 'string' ? output : JSON.stringify(output)
        const text = said.trim() === '' ? `${tool.name}: done, the program printed nothing.` : said
        const dropped = result.droppedBytes > 0 ? `\n[${count(result.droppedBytes)} more bytes of output were not kept.]` : ''
        return { output, text: boundHead(text + dropped, outputBytes, 'Ask for less of it.') }
      })
    },
  }
}
