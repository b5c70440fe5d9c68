// Runs commands of `steward` one after another in one process: their own code and streams, without the start of a process for each. A line of JSON in for each, and one out.
import { createInterface } from 'node:readline'
import { PassThrough, Readable } from 'node:stream'
import { dispatch } from '../src/dispatch.ts'

interface HostedCommand {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly typed: string
}
const own = { ...process.env }
function collected() {
  const stream = new PassThrough()
  const parts: Buffer[] = []
  stream.on('data', (part: Buffer) => parts.push(part))
  return { stream, text: () => Buffer.concat(parts).toString('utf8') }
}
for await (const line of createInterface({ input: process.stdin })) {
  const { argv, env, typed } = JSON.parse(line) as HostedCommand
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, own, env)
  const [out, err] = [collected(), collected()]
  const io = { stdin: Readable.from(typed === '' ? [] : [Buffer.from(typed)]), stdout: out.stream, stderr: err.stream, canAsk: false }
  const code = await dispatch(argv, argv[0], argv[1], io)
  process.stdout.write(`${JSON.stringify({ code, stdout: out.text(), stderr: err.text() })}\n`)
}
