import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** Where the proxy leads: a port, or the path of a socket. Asked at each connection, so that it may lead elsewhere after a restart. */
export type Target = () => number | string
/** A wire that can be cut at any byte: passes on what both sides say, until so many bytes have come from the server. */
export async function createCuttingProxy(target: Target) {
  const open = new Set<Socket>()
  let budgetOf = (): number => Number.POSITIVE_INFINITY
  let cuts = 0
  const server = createServer((near) => {
    const place = target()
    const far = typeof place === 'number' ? connect(place, '127.0.0.1') : connect(place)
    let left = budgetOf()
    const end = () => {
      near.destroy()
      far.destroy()
    }
    for (const one of [near, far]) {
      open.add(one)
      one.on('error', end).on('close', () => {
        open.delete(one)
        end()
      })
    }
    near.on('data', (chunk: Buffer) => far.write(chunk))
    far.on('data', (chunk: Buffer) => {
      if (chunk.length < left) {
        left -= chunk.length
        return void near.write(chunk)
      }
      cuts++
      near.write(chunk.subarray(0, left), end)
      left = 0
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    /** How many bytes each connection from now on may bring. */
    allow: (bytes: () => number) => void (budgetOf = bytes),
    cutNow() {
      for (const one of open) one.destroy()
      cuts++
    },
    cuts: () => cuts,
    async [Symbol.asyncDispose]() {
      for (const one of open) one.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
