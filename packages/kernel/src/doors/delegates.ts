import { Fault } from '@steward/contract'
import type { Identifier } from '../caller.ts'
import { endCaller } from './behalf.ts'
import type { DelegateFrame } from './frame.ts'
import { loginFrom, type Login, type LoginFrom, type OpenRequest, type Readiness } from './http-options.ts'

/** What is told to connections that speak for others: what a door must know of the process that it stands before, and nothing of what is in it. */
export interface Delegates {
  /** Exchanges a one-time code for a cookie's value. Throws Fault. */
  login(code: string, from: LoginFrom): Login | Promise<Login>
  ready(): Promise<Readiness>
  /** A request to an open route, which proves itself. Throws Fault. */
  open(path: string, request: OpenRequest): Promise<{ readonly status: number; readonly body: unknown }>
  /** The terms of serving (names, limits, version): now, and anew whenever they change. */
  terms(signal: AbortSignal): AsyncIterable<unknown>
}
/** Answers one frame of a connection that speaks for others. `tell` sends fields under its id; the value is its last answer. Throws Fault. */
export async function answerDelegate(
  { delegate, code, open, as, via }: DelegateFrame,
  { delegates, authenticator, door }: { readonly delegates: Delegates; readonly authenticator: Identifier; readonly door: string },
  signal: AbortSignal,
  tell: (fields: Record<string, unknown>) => void,
): Promise<unknown> {
  if (delegate === 'ready') return delegates.ready()
  if (delegate === 'login') return delegates.login(code ?? '', loginFrom(via?.address, via?.client))
  if (delegate === 'open') {
    if (open === undefined) throw new Fault('invalid', 'Say in the field open which request it is.')
    return delegates.open(open.path, { id: open.id, headers: open.headers, body: Buffer.from(open.body, 'base64'), address: via?.address })
  }
  if (delegate === 'terms') {
    for await (const terms of delegates.terms(signal)) tell({ terms })
    return null
  }
  if (as === undefined) throw new Fault('unauthenticated', 'Say in the field as whose credential is to be looked at.')
  const { id, kind, scopes, ended } = await endCaller(authenticator, as, via, door)
  tell({ caller: { id, kind, scopes } })
  await aborted(ended ? AbortSignal.any([signal, ended]) : signal)
  if (ended?.aborted) throw new Fault('unauthenticated', 'This credential has ended.')
  return null
}
const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
