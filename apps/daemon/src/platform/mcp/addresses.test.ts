import { expect, test } from 'vitest'
import { createAddressGuard } from '../net/guard.ts'
import { allowedFor } from './addresses.ts'

test.each([
  ['http://127.0.0.1:3000/mcp', ['http://127.0.0.1:3000', 'http://[::1]/', 'http://localhost:9000'], ['http://10.0.0.1', 'http://169.254.169.254']],
  ['http://localhost:3000/mcp', ['http://localhost:3000', 'http://127.0.0.1:9000'], ['http://192.168.1.1', 'http://169.254.169.254']],
  ['http://192.168.1.5/mcp', ['http://192.168.1.5', 'http://10.1.2.3'], ['http://127.0.0.1', 'http://169.254.169.254']],
  ['https://mcp.example.com/', ['https://93.184.216.34'], ['http://127.0.0.1', 'http://10.0.0.1', 'http://localhost', 'http://[::1]']],
])('for %s the authorization server may be of the same kind only', (url, allowed, refused) => {
  const guard = createAddressGuard(allowedFor(new URL(url)).beside)
  for (const address of allowed) expect(() => guard.url(address)).not.toThrow()
  for (const address of refused) expect(() => guard.url(address), address).toThrow(/not a public address|name of the local network/)
})

test('the server itself is reached at its own host only', () => {
  const guard = createAddressGuard(allowedFor(new URL('http://[::1]:3000/mcp')).own)
  expect(guard.url('http://[::1]:3000/mcp').port).toBe('3000')
  expect(() => guard.url('http://127.0.0.1:3000/mcp')).toThrow(/not a public address/)
  expect(allowedFor(new URL('https://mcp.example.com/')).own).toEqual([])
})
