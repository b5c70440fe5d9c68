import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A wire that can be cut: passes bytes on, and ends both sides once `allow` bytes have come from the server. */
export async function createCuttingProxy(target: string) {
  const open = new Set<Socket>()
  let allow = Number.POSITIVE_INFINITY
  let cuts = 0
  const server = createServer((near) => {
    const far = /^\d+$/.test(target) ? connect(Number(target), '127.0.0.1') : connect(target)
    const budget = allow
    allow = Number.POSITIVE_INFINITY
    let passed = 0
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
    near.on('data', (chunk) => far.write(chunk))
    far.on('data', (chunk: Buffer) => {
      const rest = budget - passed
      passed += chunk.length
      if (chunk.length < rest) return void near.write(chunk)
      cuts += 1
      near.write(chunk.subarray(0, rest), end)
    })
  })
  const folder = await mkdtemp(path.join(tmpdir(), 'cut-'))
  const socket = path.join(folder, 's')
  await new Promise<void>((resolve) => (/^\d+$/.test(target) ? server.listen(0, '127.0.0.1', resolve) : server.listen(socket, resolve)))
  return {
    url: typeof server.address() === 'string' ? '' : `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    socket,
    /** The next connection is cut when so many bytes have come through it. */
    cutAfter: (bytes: number) => void (allow = bytes),
    cutNow: () => open.forEach((one) => one.destroy()),
    cuts: () => cuts,
    async close() {
      open.forEach((one) => one.destroy())
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
