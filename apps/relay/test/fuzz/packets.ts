import { anything } from '@steward/testkit/fuzz'
import * as fc from 'fast-check'

export type Packet = string | Uint8Array<ArrayBuffer>
const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
/** Packets of Engine.IO and Socket.IO that are none, or are not for a client to send. */
const broken: readonly string[] = [
  '', '0', '0{}', '1', '1x', '2', '2probe', '3', '3probe', '4', '5', '6', '7', '9', 'b', 'x', '\u0000', '\ud83d\ude00', ' 42["ping",{}]',
  '40{', '40{}', '40[]', '40null', '40"x"', '401', '40/admin,{}', '40/v1/updates,{}', '40/,{}', `40/${'n'.repeat(5_000)},{}`, '40/__proto__,{}', '41', '41/admin,', '41{}',
  '42', '42{}', '42[]', '42[1]', '42[null]', '42[{}]', '42[[]]', '42["connect"]', '42["connect_error"]', '42["disconnect"]', '42["disconnecting"]', '42["error"]', '42["newListener"]', '42["removeListener"]',
  '42["message"', '42["message",', '42["message",{"sid":', `42["message",${deep(50_000)}]`, '424294967296["ping",{}]', '4299999999999999999999["ping",{}]', '42-1["ping",{}]', '421e5["ping"]', '42/admin,["ping",{}]', '42/admin,1["ping",{}]',
  '43', '43[]', '430[]', '43999["x"]', '43999', '43-1[]', '43{}', '44', '44{"message":"x"}', '44"x"',
  '45', '45-', '450-["ping",{}]', '451-', '451-["message",{"_placeholder":true,"num":0}]', '451-["message",{"_placeholder":true,"num":-1}]', '451-["message",{"_placeholder":true,"num":7}]', '451-["message",{"_placeholder":true,"num":"__proto__"}]',
  '45999999999-["message"]', '45-1-["message"]', '45x-["message"]', '452-1["message",{"_placeholder":true,"num":0}]', '46', '461-0[{"_placeholder":true,"num":0}]', '461-999999[{"_placeholder":true,"num":0}]', '47', '48', '4x', 'bAAAA', 'b!!!', '\u001e', '42["ping"]\u001e42["ping"]',
] // prettier-ignore
/** One packet, or a flood of the same. */
export const fuzzedPackets: fc.Arbitrary<readonly Packet[]> = fc.oneof(
  { weight: 12, arbitrary: fc.array(fc.constantFrom<Packet>(...broken), { minLength: 1, maxLength: 4 }) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom('2', '3', '42["ping",{}]', '421["ping",{}]', '40{}', '2probe'), fc.integer({ min: 50, max: 400 }))
      .map(([packet, times]) => Array<Packet>(times).fill(packet)),
  },
  {
    weight: 3,
    arbitrary: fc.array(
      fc.uint8Array({ maxLength: 200 }).map((bytes): Packet => new Uint8Array(bytes)),
      { minLength: 1, maxLength: 4 },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.array(
      fc.string({ unit: 'binary', maxLength: 80 }).map((text): Packet => text.toWellFormed()),
      { minLength: 1, maxLength: 4 },
    ),
  },
  // Bytes that were promised do not come; something else does.
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constantFrom(
        '451-["message",{"_placeholder":true,"num":0}]',
        `451-["message",${deep(50_000)},{"_placeholder":true,"num":0}]`,
        '452-7["stream-data",{"_placeholder":true,"num":1}]',
      ),
      fc.constantFrom<Packet>('42["ping",{}]', '2', '451-["message",{"_placeholder":true,"num":0}]', new Uint8Array(3)),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('42["', '421["', '40{"token":"', '43['), anything)
      .map(([start, value]) => [`${start}${JSON.stringify(value)?.toWellFormed()}`]),
  },
)
/** What a socket says of itself that no client would; `token` is good. */
export const fuzzedIntroduction = (token: string, pool: readonly string[]): fc.Arbitrary<unknown> => {
  const id = fc.oneof(fc.constantFrom(...pool), anything)
  const fields = fc.record(
    {
      token: fc.oneof({ weight: 3, arbitrary: fc.constant<unknown>(token) }, { weight: 1, arbitrary: anything }),
      clientType: fc.oneof(fc.constantFrom('user-scoped', 'session-scoped', 'machine-scoped', 'root'), anything),
      sessionId: id,
      machineId: id,
      since: fc.oneof(fc.nat(50), fc.constantFrom<unknown>(-1, 1e300, '1', null, 0.5, Number.MAX_SAFE_INTEGER)),
      happyClient: anything,
      appState: fc.oneof(fc.constantFrom('active', 'background'), anything),
      unheardOf: anything,
    },
    { requiredKeys: [] },
  )
  return fc.oneof({ weight: 6, arbitrary: fields }, { weight: 1, arbitrary: anything.filter((value) => value !== undefined) })
}
/** Requests to the address of sockets that are no handshake. */
export const fuzzedHandshake: fc.Arbitrary<Buffer> = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'OPTIONS', 'PUT', 'HEAD'),
    query: fc.array(
      fc.constantFrom(
        'EIO=4',
        'EIO=3',
        'EIO=99',
        'EIO=x',
        'transport=polling',
        'transport=websocket',
        'transport=webtransport',
        'transport=__proto__',
        'transport=toString',
        'transport=',
        'sid=x',
        'sid=__proto__',
        'sid=%00',
        'sid=',
        't=1',
        'b64=1',
        'j=0',
        '%zz',
        '__proto__=1',
      ),
      { maxLength: 4 },
    ),
    headers: fc.uniqueArray(
      fc.constantFrom(
        'Upgrade: websocket',
        'Upgrade: h2c',
        'Connection: Upgrade',
        'Sec-WebSocket-Key: x',
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Version: 99',
        'Sec-WebSocket-Extensions: permessage-deflate; x=',
        'Origin: null',
        'Content-Type: text/plain',
      ),
      { maxLength: 5 },
    ),
    body: fc.constantFrom('', '40{}', '40{"token":"x"}\u001e42["ping"]', '\u0000', 'x'.repeat(3_000)),
    path: fc.constantFrom('/v1/updates/', '/v1/updates', '/v1/updates//', '/v1/updates/x', '/v1/updates/../updates/'),
  })
  .map(({ method, query, headers, body, path }) => {
    const lines = [
      `${method} ${path}?${query.join('&')} HTTP/1.1`,
      'Host: relay',
      ...headers,
      ...(headers.some((one) => one.startsWith('Connection')) ? [] : ['Connection: close']),
      `Content-Length: ${Buffer.byteLength(body)}`,
    ]
    return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
  })
