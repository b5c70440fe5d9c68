// A daemon in small, for tests that kill it: starts the given shell line in the background and tells when it runs.
import { createProcesses } from '../processes.ts'

const [home = '', sandbox = '', line = ''] = process.argv.slice(2)
const processes = await createProcesses({ home, daemonId: 'd1', sandbox: sandbox === 'bubblewrap' ? 'required' : 'off', allowEnv: [] })
const limits = { timeoutMs: 600_000, outputBytes: 1000, writable: [home.replace(/home$/, 'work')], network: false }
const started = await processes.start({ ...limits, owner: 'o', command: ['bash', '-c', line], cwd: home.replace(/home$/, 'work') })
let offset = 0
for (let all = ''; !all.includes('ready'); await new Promise((resolve) => setTimeout(resolve, 5))) {
  const read = processes.output('o', started.id, offset)
  all += read?.text ?? ''
  offset = read?.nextOffset ?? 0
}
process.stdout.write(`running ${processes.sandboxKind}\n`)
setInterval(() => undefined, 1000)
