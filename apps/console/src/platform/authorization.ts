/** What an authorization server gave this browser in the address (RFC 6749 §4.1.2, RFC 9207). */
export interface Authorization {
  readonly code: string
  readonly state: string
  readonly iss: string | undefined
  readonly error: string | undefined
}
let returned: Authorization | null = null

/** Takes the words of a login of an app out of the address at once: they must not stay in the history, nor be sent twice. */
export function takeAuthorization(): void {
  if (location.pathname !== '/app/authorized' || location.search === '') return
  const words = new URLSearchParams(location.search)
  const { code = '', state = '', iss, error } = Object.fromEntries(words) as Partial<Record<string, string>>
  returned = { code, state, iss, error }
  history.replaceState(null, '', location.pathname)
}
/** What was taken, once. */
export function givenAuthorization(): Authorization | null {
  const given = returned
  returned = null
  return given
}
/** The code of a refusal, where it is one of RFC 6749: anybody may lead a browser here, and no other words of theirs are shown. */
export const refusalCode = (error: string): string | null => (/^[a-z_]{1,40}$/.test(error) ? error : null)
