import { isBehind, type Connection } from '../../connection.ts'
import { disconnected, failed, overrun, timedOut, type RpcAck, type RpcRequest } from './topics.ts'

/** Asks sockets of this node, and knows what each has been asked and not answered. */
export function createTargets() {
  const asked = new Map<string, Set<() => void>>()
  return {
    /**
     * Asks a socket; `done` is called once, unless the returned function cancels the question first. An answer that is not text is none. A target that was given a
     * name for the call hears when nobody waits for its answer any more.
     */
    ask(target: Connection, request: RpcRequest, forMs: number, done: (ack: RpcAck) => void): () => void {
      const { socket } = target
      const why = socket.connected ? (isBehind(target) ? overrun : undefined) : disconnected
      if (why !== undefined) {
        queueMicrotask(() => done(failed(why)))
        return () => undefined
      }
      const questions = asked.get(target.id) ?? new Set()
      asked.set(target.id, questions)
      let isOver = false
      const end = (ack: RpcAck) => {
        if (isOver) return
        isOver = true
        questions.delete(gone)
        done(ack)
      }
      const gone = () => end(failed(disconnected))
      const tell = () => {
        if (request.callId !== undefined) socket.emit('rpc-cancelled', { callId: request.callId })
      }
      questions.add(gone)
      // With a time-out, so that Socket.IO forgets a question that is never answered.
      socket.timeout(Math.max(1, forMs)).emit('rpc-request', request, (late: Error | null, result: unknown) => {
        if (isOver) return
        if (late) tell()
        end(late ? failed(timedOut) : typeof result === 'string' ? { ok: true, result } : failed('The RPC target gave an answer that is no text.'))
      })
      return () => {
        if (isOver) return
        isOver = true
        questions.delete(gone)
        tell()
      }
    },
    /** A socket has gone: what it was asked ends now. */
    left({ id }: Connection): void {
      const questions = asked.get(id)
      asked.delete(id)
      for (const gone of questions ?? []) gone()
    },
  }
}
export type Targets = ReturnType<typeof createTargets>
