/** Labels of metrics must be few, whatever clients send: what is not of a closed list is one word. */
const clientTypes = new Set(['cli', 'cli-coding-session', 'cli-daemon', 'cli-control-plane', 'ios', 'android', 'web', 'desktop', 'steward'])
const methods = new Set(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'])
/** What the existing clients register for calls, for a machine or a session. */
const rpcMethods = new Set(
  `spawn-happy-session resume-happy-session stop-session stop-daemon claude-fork-session claude-duplicate-session claude-list-rewind-points
  bash readFile writeFile listDirectory getDirectoryTree ripgrep difftastic permission abort switch killSession goal-action`.split(/\s+/),
)
/** The type in `type/version`, as the existing clients name themselves. */
export function clientTypeOf(client: string): string {
  const [type = ''] = client.split('/', 1)
  return type === '' ? 'none' : clientTypes.has(type) ? type : 'other'
}
export const methodLabel = (method: string): string => (methods.has(method) ? method : 'OTHER')
/** The name in `<scope>:<name>`, where it is one that is known. */
export function rpcLabel(method: unknown): string {
  const name = typeof method === 'string' ? method.slice(method.indexOf(':') + 1) : ''
  return rpcMethods.has(name) ? name : name.startsWith('codex-') ? 'codex' : 'other'
}
