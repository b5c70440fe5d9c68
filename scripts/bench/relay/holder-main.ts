// Holds idle sockets for the benchmark: told over its channel how many, of which tokens, at which server; says when all are connected, and holds them until it is ended.
import { openSocket } from './socket.ts'

export interface Holding {
  readonly url: string
  readonly from: string
  readonly tokens: readonly string[]
  readonly each: number
}
const atOnce = 50

process.once('message', (holding: Holding) => {
  hold(holding).then(
    () => process.send?.({ connected: true }),
    (error: unknown) => {
      process.send?.({ failed: String(error) })
      process.exitCode = 1
      process.disconnect()
    },
  )
})
async function hold({ url, from, tokens, each }: Holding): Promise<void> {
  const due = tokens.flatMap((token) => Array.from({ length: each }, () => token))
  const worker = async () => {
    for (let token = due.pop(); token !== undefined; token = due.pop()) await openSocket(url, { token, from })
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
