import type { Delegate } from '@steward/client/node'
import { closeCodes, type ServeSocket } from '@steward/kernel/http'
import { behalfOf } from './identities.ts'

/** Lines end where a newline is. Between tokens of JSON a tab stands for it; inside a string both are wrong alike. */
const asLine = (text: string): string => (text.trim() === '' ? '-' : text.replace(/[\r\n]/g, '\t'))

/** Carries a WebSocket to the daemon as it is, on a connection of its own: frames, their pace, and how it ends. */
export const socketOver =
  (delegate: Delegate, path: string): ServeSocket =>
  (wire, caller) => {
    const gone = new AbortController()
    const early: string[] = []
    let line: Awaited<ReturnType<Delegate['carry']>> | undefined
    const receive = (frame: string) => {
      if (frame.startsWith('{"id":0,"close":')) {
        const { close, reason } = JSON.parse(frame) as { close: number; reason: string }
        return wire.end(close, reason)
      }
      if (wire.send(frame) || !line) return
      line.pause()
      void wire.drained().then((emptied) => emptied && line?.resume())
    }
    const open = async () => {
      try {
        line = await delegate.carry(path, behalfOf(caller), receive, gone.signal)
        for (const text of early.splice(0)) line.send(text)
        await line.closed
        if (!gone.signal.aborted) wire.end(closeCodes.goingAway, 'The daemon has gone.')
      } catch {
        if (!gone.signal.aborted) wire.end(closeCodes.tryLater, 'The daemon does not answer.')
      }
    }
    const carried = open()
    return {
      following: () => true,
      receive(text) {
        if (line) return line.send(asLine(text)) ? undefined : line.drained()
        early.push(asLine(text))
        return undefined
      },
      async close() {
        gone.abort()
        await carried
      },
    }
  }
