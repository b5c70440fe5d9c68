import { Fault } from '@steward/contract'
import { expect, test } from 'vitest'
import { createDrafts, type Outgoing } from './draft-store.ts'
import { createOutbox } from './outbox.ts'

const storage = () => ({ getItem: () => null, setItem: () => undefined, removeItem: () => undefined })
const message = { text: 'hello', attachments: [], delivery: 'queue' } as const
const setUp = (answers: (() => Promise<unknown>)[]) => {
  const drafts = createDrafts(storage())
  const said: Outgoing[] = []
  const outbox = createOutbox({
    drafts,
    send: (_id, one) => {
      said.push(one)
      return (answers.shift() ?? (() => Promise.resolve()))()
    },
    connected: () => Promise.resolve(),
  })
  return { drafts, outbox, said }
}
const refuse = (code: 'unavailable' | 'conflict') => () => Promise.reject(new Fault(code, `It is ${code}.`))

test('a message leaves the text area at once and the draft when the daemon has it', async () => {
  const { drafts, outbox } = setUp([])
  drafts.update('ses_1', () => ({ text: 'hello' }))
  const sent = outbox.post('ses_1', message)
  expect(drafts.get('ses_1')).toMatchObject({ text: '', outgoing: [{ text: 'hello', state: 'sending' }] })
  await sent
  expect(drafts.get('ses_1').outgoing).toEqual([])
})
test('a cut line sends it again under the same key', async () => {
  const { drafts, outbox, said } = setUp([refuse('unavailable'), refuse('unavailable')])
  await outbox.post('ses_1', message)
  expect(new Set(said.map(({ key }) => key)).size).toBe(1)
  expect(said).toHaveLength(3)
  expect(drafts.get('ses_1').outgoing).toEqual([])
})
test('a refused message is kept with the reason, and can be tried again', async () => {
  const { drafts, outbox } = setUp([refuse('conflict')])
  await outbox.post('ses_1', message)
  const [kept] = drafts.get('ses_1').outgoing
  expect(kept).toMatchObject({ text: 'hello', state: 'failed', error: 'It is conflict.' })
  if (kept) await outbox.retry('ses_1', kept)
  expect(drafts.get('ses_1').outgoing).toEqual([])
})
test('what an earlier page has left is sent by the next, once', async () => {
  const { drafts, outbox, said } = setUp([])
  drafts.update('ses_1', () => ({ outgoing: [{ ...message, key: 'k', state: 'sending' }] }))
  await Promise.all([outbox.resume('ses_1'), outbox.resume('ses_1')])
  expect(said.map(({ key }) => key)).toEqual(['k'])
})
