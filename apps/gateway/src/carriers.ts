import type { StreamItem } from '@steward/contract'
import { operations, type OperationName } from '@steward/contract/daemon'
import type { Delegate } from '@steward/client/node'
import type { Call, FeedItem, OpenFeed } from '@steward/kernel'
import { behalfOf } from './identities.ts'

/** The call of every door, carried to the daemon. */
export const callOver =
  (delegate: Delegate): Call =>
  async (caller, name, input, { requestId, key, signal, body } = {}) => {
    const behalf = behalfOf(caller, requestId)
    const options = { ...(key === undefined ? {} : { key }), ...(signal ? { signal } : {}) }
    const { bytes }: { bytes?: 'upload' | 'download' } = operations[name as OperationName]
    if (bytes === 'upload') return { value: await delegate.sender(behalf).upload(name, input, body ?? new Uint8Array(), options) }
    if (bytes !== 'download') return { value: await delegate.sender(behalf).call(name, input, options) }
    return {
      value: await delegate.sender(behalf, { bytes: false }).call(name, input, options),
      async *open(range) {
        yield* (await delegate.sender(behalf).download(name, input, range, options)).bytes
      },
    }
  }
/** The streams of every door, carried from the daemon. */
export const feedOver = (delegate: Delegate): OpenFeed => ({
  async open(caller, subscription, signal) {
    const over = caller.ended ? AbortSignal.any([signal, caller.ended]) : signal
    return batches(await delegate.events(behalfOf(caller), subscription, over))
  },
})
async function* batches(items: AsyncIterable<StreamItem>): AsyncGenerator<readonly FeedItem[]> {
  for await (const item of items) yield [feedItem(item)]
}
function feedItem(item: StreamItem): FeedItem {
  if ('event' in item) return { kind: 'event', name: item.event.name, json: JSON.stringify(item.event), cursor: item.cursor }
  if ('flash' in item) return { kind: 'flash', name: item.flash.name, json: JSON.stringify(item.flash) }
  if ('reset' in item) return { kind: 'reset', cursor: item.reset }
  return { kind: 'cursor', cursor: item.cursor }
}
