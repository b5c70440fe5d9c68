import type { Field } from '../field.ts'
import type { Ledger } from '../ledger.ts'
import { openLine } from '../line.ts'

interface State {
  readonly isKept: boolean
  readonly version: number
  readonly value: string | null
  /** How often it was asked for: after several a mismatch does not say whether an earlier one was kept. */
  readonly tries: number
}
/** Tries once to put a value in the place of version `expected`; undefined when it is not known what became of it. */
type Put = (expected: number, value: string) => Promise<State | undefined>

interface Changer {
  readonly field: Field
  readonly ledger: Ledger
  readonly sessionId: string
  readonly what: 'metadata' | 'agentState'
  readonly name: string
}
/** Changes a sealed field against others who do the same: each value until it is kept, or until it may have been. */
async function change({ field, ledger, sessionId, what, name }: Changer, put: Put): Promise<void> {
  const { tally } = field
  let expected = 0
  for (let at = 0; !field.isOver(); at++) {
    const value = `${name}.${at}`
    for (let isUnsure = false; ;) {
      const state = await put(expected, value)
      if (state === undefined) {
        isUnsure = true
        tally.count('changes of state tried again')
        await field.pause(200)
        continue
      }
      expected = state.version
      if (state.isKept || state.value === value) {
        ledger.set.push({ sessionId, field: what, value, version: state.version })
        tally.count('changes of state acknowledged')
        break
      }
      // It may have been kept and overwritten: to try again could keep it twice.
      if (isUnsure || state.tries > 1) break
    }
    await field.pause(500)
  }
}
interface Session {
  readonly metadata: string
  readonly metadataVersion: number
  readonly agentState: string | null
  readonly agentStateVersion: number
}
/** By `POST /v1/sessions/:id`. */
export function changeByHttp(changer: Changer): Promise<void> {
  const { field, sessionId, what } = changer
  const expectation = what === 'metadata' ? 'expectedMetadataVersion' : 'expectedAgentStateVersion'
  return change(changer, async (expected, value) => {
    const { status, body, tries } = await field.ask<{ success: boolean; session: Session }>('POST', `/v1/sessions/${sessionId}`, {
      [what]: value,
      [expectation]: expected,
    })
    if (status !== 200) field.tally.broken(`${changer.name} was answered ${status}.`)
    return { isKept: body.success, version: body.session[`${what}Version`], value: body.session[what], tries }
  })
}
interface Ack {
  readonly result: 'success' | 'version-mismatch' | 'error'
  readonly version: number
  readonly metadata?: string
  readonly agentState?: string | null
}
/** By the existing clients' socket events. */
export async function changeBySocket(changer: Changer): Promise<void> {
  const { field, sessionId, what } = changer
  const line = openLine({ field })
  await change(changer, async (expectedVersion, value) => {
    const { socket } = await line.connected()
    const event = what === 'metadata' ? 'update-metadata' : 'update-state'
    const ack = await socket.call<Ack>(event, { sid: sessionId, expectedVersion, [what]: value }, 5_000).catch(() => undefined)
    if (ack === undefined || ack.result === 'error') return undefined
    return { isKept: ack.result === 'success', version: ack.version, value: ack[what] ?? null, tries: 1 }
  })
  line.close()
}
