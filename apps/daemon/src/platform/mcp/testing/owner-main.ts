// A daemon in small, for tests that kill it: connects to a server and tells when it is ready.
import { schemaCheck } from '../../../engine/json-schema.ts'
import { createProcesses } from '../../processes/processes.ts'
import { connectMcp } from '../connection.ts'

const [home = '', cwd = '', mode = '', server = '', argument = ''] = process.argv.slice(2)
const bubblewrap = mode === 'bubblewrap'
const processes = await createProcesses({ home, daemonId: 'd1', sandbox: bubblewrap ? 'required' : 'off', allowEnv: [] })
const connection = connectMcp(
  {
    id: 'demo',
    name: 'Demo',
    trusted: false,
    timeoutMs: 1000,
    server: { kind: 'stdio', command: process.execPath, args: [server, argument], env: {}, cwd, writable: [cwd], sandbox: bubblewrap },
  },
  {
    version: '1',
    schemaCheck,
    spawn: (request, sandbox) => (sandbox ? processes.attach(request) : processes.attachBare(request)),
    tokens: { load: () => undefined, save: () => undefined },
    redirectUrl: () => null,
    allowAddresses: () => [],
    changed: () => undefined,
    report: () => undefined,
    log: () => undefined,
  },
)
await connection.settled()
process.stdout.write(`${connection.state().state}\n`)
setInterval(() => undefined, 1000)
