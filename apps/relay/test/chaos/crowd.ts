import { until } from '@steward/testkit'
import { login, newAccount } from '@steward/testkit/relay'
import { checkAccount } from './checker.ts'
import { comeAndGo } from './clients/tags.ts'
import { readByPolling, readBySocket } from './clients/readers.ts'
import { callMethod, serveMethod } from './clients/rpc.ts'
import { stream } from './clients/streams.ts'
import { setPair } from './clients/values.ts'
import { changeByHttp, changeBySocket } from './clients/versions.ts'
import { writeByHttp, writeBySocket } from './clients/writers.ts'
import { createField, type Field } from './field.ts'
import { createHistory } from './history.ts'
import { createLedger } from './ledger.ts'

const sessions = 2
const catchUpMs = 40_000

/** The clients of one account. */
export interface Crowd {
  /** Resolves when all that was begun has come to its end; to be called when the field is over. */
  settled(): Promise<void>
  /** Waits until every reader has all, and compares what everybody was promised with what is there. */
  check(): Promise<void>
  close(): void
}
/** Logs an account in and lets its clients begin. */
export async function openCrowd(options: Omit<Parameters<typeof createField>[0], 'token'>): Promise<Crowd> {
  const token = await login(options.urls[0]!, newAccount())
  let alone = 0
  /** Each client has a chance of its own, so that what one does changes nothing for the others. */
  const fieldOf = (): Field => createField({ ...options, token, chance: options.chance.of(`client ${++alone}`) })
  const field = fieldOf()
  const { tally } = field
  const ledger = createLedger()
  const made = await Promise.all(
    Array.from({ length: sessions }, (_, at) => field.ask<{ session: { id: string } }>('POST', '/v1/sessions', { tag: `s${at}`, metadata: 'first' })),
  )
  const ids = made.map(({ body }) => body.session.id)
  const broken = (what: string) => tally.broken(what)
  const ofAll = ['a reader of all', 'another reader of all', 'a reader that polls'].map((name) => createHistory(name, true, broken))
  const ofOne = ids.map((sessionId) => ({ sessionId, history: createHistory(`a reader of session ${sessionId}`, false, broken) }))
  const [first, second, polled] = ofAll
  const reading = [
    readBySocket(fieldOf(), first!),
    readBySocket(fieldOf(), second!),
    readByPolling(fieldOf(), polled!),
    ...ofOne.map(({ sessionId, history }) => readBySocket(fieldOf(), history, { clientType: 'session-scoped', sessionId })),
  ]
  const served = serveMethod(fieldOf(), 'rpc-machine')
  const work = ids.flatMap((sessionId) => [
    ...['one', 'two'].map((name) => writeByHttp({ field: fieldOf(), ledger, sessionId, name: `${name} by HTTP` })),
    writeBySocket({ field: fieldOf(), ledger, sessionId, name: 'one by socket' }),
    ...(['metadata', 'agentState'] as const).flatMap((what) => [
      changeByHttp({ field: fieldOf(), ledger, sessionId, what, name: `${what} by HTTP` }),
      changeBySocket({ field: fieldOf(), ledger, sessionId, what, name: `${what} by socket` }),
    ]),
  ])
  work.push(setPair(fieldOf(), ledger, 'one'), setPair(fieldOf(), ledger, 'two'))
  work.push(comeAndGo(fieldOf(), ledger, 'tag'), stream(fieldOf(), 'stream-machine'))
  work.push(...['one caller', 'another caller'].map((name) => callMethod(fieldOf(), served.method, name)))
  const all = Promise.all(work)
  // It is waited for at the end.
  all.catch(() => undefined)
  return {
    async settled() {
      await all
      served.close()
    },
    async check() {
      const late = createHistory('a reader that comes at the end', true, broken)
      ofAll.push(late)
      reading.push(readBySocket(fieldOf(), late))
      const { body } = await field.ask<{ seq: number }>('GET', '/v1/changes?since=0&limit=1')
      const behind = () => ofAll.filter((history) => history.last() < body.seq)
      await until(() => behind().length === 0, { timeoutMs: catchUpMs }).catch(() => {
        for (const history of behind()) tally.broken(`${history.name} has ${history.last()} of ${body.seq} changes.`)
      })
      await checkAccount(field, ledger, ofAll, ofOne)
    },
    close() {
      for (const end of reading) end()
      field.close()
    },
  }
}
