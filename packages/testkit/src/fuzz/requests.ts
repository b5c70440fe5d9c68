import { connect } from 'node:net'

/** An answer over HTTP; status 0: there was none before the connection ended. */
export interface Got {
  readonly status: number
  readonly body: string
}
/**
 * Sends bytes as they are and reads the answer; an event stream is left after its head. Null: nothing within the time. `thenEnd`: nothing
 * follows, which the other side is told. Throws where the connection is refused.
 */
export function exchange(url: string, bytes: Buffer, { withinMs, thenEnd = false }: { withinMs: number; thenEnd?: boolean }): Promise<Got | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const chunks: Buffer[] = []
    const end = (got: Got | null) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(got)
    }
    const timer = setTimeout(() => end(null), withinMs)
    const read = (): Got => {
      const [head = '', ...rest] = Buffer.concat(chunks)
        .toString('latin1')
        .replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '')
        .split('\r\n\r\n')
      return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), body: Buffer.from(rest.join('\r\n\r\n'), 'latin1').toString('utf8') }
    }
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      if (/^HTTP\/1\.1 (?:200[\s\S]*content-type: text\/event-stream|101)/i.test(Buffer.concat(chunks.slice(0, 2)).toString('latin1', 0, 2_000)))
        end(read())
    })
    // A refused body is cut off: what counts is the answer that came before.
    socket.on('error', (error) => (chunks.length > 0 ? end(read()) : reject(new Error(`${error.message} at ${bytes.toString('latin1', 0, 600)}`))))
    socket.on('close', () => end(read()))
    socket.write(bytes, () => (thenEnd ? socket.end() : undefined))
  })
}
/** Header lines that no client sends. */
export const oddHeaders = [
  'Content-Type: text/plain',
  'Content-Type: application/json; charset=utf-16',
  'Content-Type: application/x-www-form-urlencoded',
  'Content-Type: multipart/form-data',
  'Content-Type: multipart/form-data; boundary=x',
  'Content-Type: application/vnd.x+json',
  'Content-Type: \x80\xff',
  'Content-Encoding: gzip',
  'Transfer-Encoding: identity',
  'Expect: 100-continue',
  'Expect: the-unexpected',
  'Range: bytes=-',
  'Range: bytes=99999999999999999999-',
  'Range: bytes=0-0,1-1',
  'If-Range: x',
  'Idempotency-Key: ',
  `Idempotency-Key: ${'k'.repeat(300)}`,
  'Idempotency-Key: a b',
  'Idempotency-Key: same',
  'Last-Event-ID: nonsense',
  'Last-Event-ID: e1.c99999999999999999999',
  'Accept: text/event-stream, nonsense',
  'X-Request-Id: \x01',
  `X-Request-Id: ${'r'.repeat(5_000)}`,
  'X-Steward-Instance: ../../x',
  'X-HTTP-Method-Override: DELETE',
  `X-Long: ${'h'.repeat(14_000)}`,
  `X-Too-Long: ${'h'.repeat(40_000)}`,
  'Upgrade: h2c',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Cookie: steward=; steward=%00; =',
  'Bad Header: x',
  'No-Colon',
  ': empty',
  'X-Folded: a\r\n b',
]
/** What stands in the place of an id in a path. */
export const oddTargets = [
  '%',
  '%zz',
  '%00',
  '%ff%fe',
  '%c0%ae%c0%ae',
  '..',
  '.',
  '%2e%2e%2f',
  'a/b',
  'a%2fb',
  ' ',
  '\x01',
  '\x80',
  'x'.repeat(20_000),
  '?',
  '#',
  ';',
  '*',
  '{id}',
  '//',
  '',
]
/** Query strings. */
export const oddQueries = [
  '%',
  'a=%zz',
  '__proto__=1',
  'constructor=x',
  'limit=',
  'limit=1&limit=2',
  'limit[]=1',
  'limit[a]=1',
  'cursor=%00',
  'cursor=eyJ9',
  '=',
  '&&&',
  'a'.repeat(8_000),
  'limit=1e400',
  'limit=NaN',
  'limit=0x10',
  'sessionId=%F0%28%8C%BC',
  'token=x',
  'names=a,,b',
  'after=e1',
]
/** Methods, some of them good at other places. */
export const oddMethods = [
  'get',
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'QUERY',
  'OPTIONS',
  'HEAD',
  'FOO',
  'G\x01T',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'GET',
]
