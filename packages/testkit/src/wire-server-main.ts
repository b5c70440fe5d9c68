/** The wire server as a process of its own: `node wire-server-main.ts SCRIPT.json [PORT]` prints its URL on one line. SIGTERM ends it. */
import { readFileSync } from 'node:fs'
import { createWireServer } from './wire-server.ts'
import type { Turn } from './wire-script.ts'

const [file, port] = process.argv.slice(2)
if (file === undefined) {
  console.error('Usage: wire-server-main.ts SCRIPT.json [PORT]. The script is an array of turns, or {"turns": [...], "key": "...", "models": [...]}.')
  process.exit(2)
}
// The one cast: a script file is written by the test that starts this process.
const content = JSON.parse(readFileSync(file, 'utf8')) as Turn[] | { turns: Turn[]; key?: string; models?: string[] }
const options = Array.isArray(content) ? { turns: content } : content
const server = await createWireServer({ ...options, port: port === undefined ? 0 : Number(port) })
process.on('SIGTERM', () => void server.close().then(() => process.exit(0)))
console.log(server.url)
