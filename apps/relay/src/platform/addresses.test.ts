import { expect, test } from 'vitest'
import { addressOf, networkOf } from './addresses.ts'

test('an IPv6 network of 64 bits counts as one address, however it is written', () => {
  const one = '2001:db8:0:1::/64'
  for (const address of ['2001:db8:0:1::', '2001:db8::1:0:0:0:9', '2001:0DB8:0000:0001:ffff:1:2:3', '2001:db8:0:1::7%eth0', '2001:db8:0:1::1.2.3.4'])
    expect(networkOf(address), address).toBe(one)
  expect(networkOf('2001:db8:0:2::1')).not.toBe(one)
  expect(networkOf('::1')).toBe('0:0:0:0::/64')
})
test('an IPv4 address counts for itself, also in the clothes of IPv6', () => {
  expect(networkOf('203.0.113.9')).toBe('203.0.113.9')
  expect(networkOf('::ffff:203.0.113.9')).toBe('203.0.113.9')
  expect(networkOf('::FFFF:203.0.113.8')).toBe('203.0.113.8')
})
test('what a client says of its own address counts for nothing: only what the proxy has written', () => {
  expect(addressOf('10.0.0.1', '1.1.1.1, 203.0.113.9', true)).toBe('203.0.113.9')
  expect(addressOf('10.0.0.1', ['1.1.1.1', '203.0.113.9'], true)).toBe('203.0.113.9')
  for (const written of ['203.0.113.9:51234', ' 203.0.113.9']) expect(addressOf('10.0.0.1', `1.1.1.1,${written}`, true)).toBe('203.0.113.9')
  for (const written of ['[2001:db8::9]:51234', '[2001:db8::9]', '2001:db8::9']) expect(addressOf('10.0.0.1', written, true)).toBe('2001:db8::9')
  expect(addressOf('10.0.0.1', '1.1.1.1', false)).toBe('10.0.0.1')
  expect(addressOf('10.0.0.1', undefined, true)).toBe('10.0.0.1')
})
