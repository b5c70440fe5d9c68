import { expect, test } from 'vitest'
import { createDrafts, emptyDraft, type Upload } from './draft-store.ts'

const memory = () => {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    kept,
  }
}
const upload = (state: Upload['state']): Upload => ({
  id: state,
  name: 'a.png',
  mediaType: 'image/png',
  size: 1,
  state,
  sent: 0,
  isOwn: true,
  preview: 'blob:x',
})

test('a draft is there again after a reload, by session; files that were not uploaded are not promised', () => {
  const storage = memory()
  const drafts = createDrafts(storage)
  drafts.update('ses_1', () => ({ text: 'half a thought', uploads: [upload('done'), upload('sending')] }))
  const again = createDrafts(storage)
  expect(again.get('ses_1')).toMatchObject({ text: 'half a thought', uploads: [{ id: 'done' }] })
  expect(again.get('ses_1').uploads[0]).not.toHaveProperty('preview')
  expect(again.get('ses_2')).toEqual(emptyDraft)
})
test('an empty draft leaves nothing behind, and a broken one is none', () => {
  const storage = memory()
  const drafts = createDrafts(storage)
  drafts.update('ses_1', () => ({ text: 'x' }))
  drafts.update('ses_1', () => ({ text: '' }))
  expect(storage.kept.size).toBe(0)
  storage.setItem('steward.draft.ses_2', '{"text":')
  expect(createDrafts(storage).get('ses_2')).toEqual(emptyDraft)
})
test('a storage that is full keeps the draft for this page', () => {
  const full = {
    ...memory(),
    setItem() {
      throw new DOMException('full', 'QuotaExceededError')
    },
  }
  const drafts = createDrafts(full)
  drafts.update('ses_1', () => ({ text: 'long' }))
  expect(drafts.get('ses_1').text).toBe('long')
})
