// The page of a daemon without a console: logs in with the code of the address, says that the daemon is there and what it does. It is also where a
// browser comes back to from the login of an MCP server.
const state = document.getElementById('state')
const facts = document.getElementById('facts')
const sessions = document.getElementById('sessions')

const ask = async (path, body) => {
  const json = { 'content-type': 'application/json' }
  const answer = await fetch(path, body === undefined ? {} : { method: 'POST', headers: json, body: JSON.stringify(body) })
  return { status: answer.status, ok: answer.ok, body: answer.status === 204 ? null : await answer.json() }
}
/** Hands the daemon what an authorization server gave this browser. Answers what to say of it. */
const finishAppLogin = async ({ error, code = '', state: login = '', iss }) => {
  // Anybody may lead a browser here: no words of the address are shown but the codes of RFC 6749.
  if (error !== undefined) return `The login of the app was refused${/^[a-z_]{1,40}$/.test(error) ? ` (${error})` : ''}.`
  state.textContent = 'Finishing the login of the app …'
  const answer = await ask('/v1/app-authorizations', { code, state: login, ...(iss === undefined ? {} : { iss }) })
  if (answer.ok && answer.body.status === 'ready') return `${answer.body.name} is authorized and ready. You can close this page.`
  if (answer.ok) return `${answer.body.name} is authorized, but not ready: ${answer.body.message ?? answer.body.status}`
  if (answer.status !== 401) return answer.body.error.message
  return 'This browser is not logged in to Steward. Open the address that `steward start` shows, then begin the login of the app anew with `steward apps authorize`.'
}
/** Says that the daemon is there; and what it does, to a browser that is logged in. */
const welcome = async (said) => {
  const { ok, body: status } = await ask('/v1/status')
  if (!ok) {
    state.textContent = said ?? 'The daemon is running. Run `steward start` for an address that logs this browser in.'
    return
  }
  state.textContent = said ?? 'The daemon is running, and this browser is logged in.'
  const shown = {
    Version: status.version,
    'Data folder': status.home,
    Sandbox: status.sandbox,
    Runs: `${status.runs.running} running, ${status.runs.waiting} waiting, ${status.runs.queued} queued`,
    Memory: `${Math.round(status.memoryBytes / 1_000_000)} MB`,
  }
  for (const [name, value] of Object.entries(shown)) {
    facts.append(
      Object.assign(document.createElement('dt'), { textContent: name }),
      Object.assign(document.createElement('dd'), { textContent: value }),
    )
  }
  facts.hidden = false
  const list = await ask('/v1/sessions?limit=10')
  for (const session of list.ok ? list.body.items : [])
    sessions.append(Object.assign(document.createElement('li'), { textContent: `${session.title} (${session.status})` }))
  if (sessions.children.length === 0) sessions.append(Object.assign(document.createElement('li'), { textContent: 'None yet.' }))
}

const { pathname, search, hash } = location
const code = new URLSearchParams(hash.slice(1)).get('code')
// What is in the address logs in: it must not stay in the history, nor be sent twice.
if (code !== null || search !== '') history.replaceState(null, '', '/')
let said
if (pathname === '/app/authorized') said = await finishAppLogin(Object.fromEntries(new URLSearchParams(search)))
if (code !== null) {
  const login = await ask('/v1/login', { code })
  if (!login.ok) said = login.body.error.message
}
await welcome(said)
