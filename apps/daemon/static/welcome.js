// The page of a daemon without a console: logs in with the code of the address, says that the daemon is there and what it does.
const state = document.getElementById('state')
const facts = document.getElementById('facts')
const sessions = document.getElementById('sessions')

const code = new URLSearchParams(location.hash.slice(1)).get('code')
if (code !== null) {
  history.replaceState(null, '', '/')
  const answer = await fetch('/v1/login', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code }) })
  if (!answer.ok) state.textContent = (await answer.json()).error.message
}
const ask = async (path) => {
  const answer = await fetch(path)
  return answer.ok ? answer.json() : null
}
const status = await ask('/v1/status')
if (status === null) {
  if (code === null) state.textContent = 'The daemon is running. Run `steward start` for an address that logs this browser in.'
} else {
  state.textContent = 'The daemon is running, and this browser is logged in.'
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
  for (const session of list?.items ?? [])
    sessions.append(Object.assign(document.createElement('li'), { textContent: `${session.title} (${session.status})` }))
  if (sessions.children.length === 0) sessions.append(Object.assign(document.createElement('li'), { textContent: 'None yet.' }))
}
