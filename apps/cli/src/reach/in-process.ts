import type { Bytes } from '@steward/client'
import { Fault } from '@steward/contract'
import type { Home } from '../home.ts'
import type { Reach } from './reach-type.ts'

/**
 * Carries operations in this process, holding the home's lock until closed: no recovery, no scheduling. Throws Fault `conflict` when
 * another process holds it. The daemon's code is loaded only here.
 */
export async function openInProcess(home: Home): Promise<Reach> {
  const { openDirect } = await import('@steward/daemon')
  const direct = await openDirect({ home: home.path })
  return {
    async call(op, input, options = {}) {
      return (await direct.call(op, input, options.key === undefined ? {} : { key: options.key })).value
    },
    async upload(op, input, bytes, options = {}) {
      return (await direct.call(op, input, { body: stream(bytes), ...(options.key === undefined ? {} : { key: options.key }) })).value
    },
    async download(op, input, range) {
      const { value, open } = await direct.call(op, input)
      if (open === undefined) throw new Fault('internal', `${op} has no bytes to give.`)
      return { value, bytes: open(range) }
    },
    close: () => direct.close(),
  }
}
async function* stream(bytes: Bytes): AsyncGenerator<Uint8Array> {
  if (bytes instanceof Uint8Array) yield bytes
  else yield* bytes instanceof Blob ? bytes.stream() : bytes
}
