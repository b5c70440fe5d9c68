/** What came of a login: nothing to do, done, or why not. */
export type Login = { readonly state: 'none' } | { readonly state: 'done' } | { readonly state: 'refused'; readonly why: string }

/** Logs this browser in with the code of the address (`#code=…`), which works once, and takes it out of the address at once. */
export async function logIn(): Promise<Login> {
  const code = new URLSearchParams(location.hash.slice(1)).get('code')
  if (code === null) return { state: 'none' }
  history.replaceState(null, '', '/app/')
  const answer = await fetch('/v1/login', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code }) })
  if (answer.ok) return { state: 'done' }
  const { error } = (await answer.json()) as { error: { message: string } }
  return { state: 'refused', why: error.message }
}
