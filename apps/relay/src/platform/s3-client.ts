import type { ByteRange } from '@steward/kernel'
import { checkRange, isKey, outOfRange, type Blob, type ListedBlob } from './blobs.ts'
import { createPatience, type Patience } from './patience.ts'
import { refusal, unreachable, withoutRanges } from './s3-faults.ts'
import { readElement, readElements } from './s3-xml.ts'

/** A bucket and who may use it. */
export interface S3Place {
  /** `https://host[:port]`. */
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** The bucket is in the path (`https://host/bucket/key`), else in the name of the host. */
  readonly pathStyle: boolean
  /** How long the store may give no sign of life, in ms; 30 s unless said otherwise. */
  readonly silenceMs?: number
}
/** Bytes to send: once, or as often as needed where they can be opened anew. */
type Bytes = AsyncIterable<Uint8Array> | (() => AsyncIterable<Uint8Array>)
interface Ask {
  readonly headers?: Record<string, string>
  readonly query?: Record<string, string>
  readonly body?: { readonly size: number; readonly bytes: Bytes }
}
/** What asks for nothing that a second time would spoil is tried so often while the store has trouble of its own. */
const attempts = 3

/** The few requests of the S3 REST API (2006-03-01) that blobs need, signed with AWS Signature 4. All throw Fault `unavailable` where the store fails. */
export async function createS3Client(place: S3Place) {
  const { AwsClient } = await import('aws4fetch')
  const { accessKeyId, secretAccessKey, region, silenceMs = 30_000 } = place
  const signer = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3' })
  const base = bucketUrl(place)

  const once = async (method: string, key: string, { headers = {}, query = {}, body }: Ask, patience: Patience): Promise<Response> => {
    const url = new URL(base + key)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    const signed = await signer.sign(url, { method, headers })
    // Not signed, since proxies may change it: compressed, the size would be another.
    signed.headers.set('accept-encoding', 'identity')
    if (body) signed.headers.set('content-length', String(body.size))
    const sent = body
      ? { body: ReadableStream.from(patience.whileTaken(typeof body.bytes === 'function' ? body.bytes() : body.bytes)), duplex: 'half' as const }
      : {}
    return fetch(url, { method, headers: signed.headers, signal: patience.signal, redirect: 'error', ...sent })
  }
  /** Answers with what the store said, good or bad. */
  const ask = async (method: string, key: string, asked: Ask, patience: Patience): Promise<Response> => {
    const most = !asked.body || typeof asked.body.bytes === 'function' ? attempts : 1
    for (let attempt = 1; ; attempt++) {
      patience.restart()
      try {
        const response = await once(method, key, asked, patience)
        if (attempt === most || (response.status < 500 && response.status !== 429)) return response
        await response.body?.cancel()
      } catch (error) {
        const why = patience.why()
        if (attempt === most || why !== undefined) throw why ?? unreachable(place.endpoint, error)
      }
      await new Promise((resolve) => setTimeout(resolve, 100 * attempt))
    }
  }
  /** A request whose answer is text; refusals are thrown, but those with one of the codes `but`. */
  const askText = async (method: string, key: string, asked: Ask, ...but: string[]): Promise<string> => {
    using patience = createPatience(silenceMs, place.endpoint)
    const response = await ask(method, key, asked, patience)
    const text = await response.text().catch((error: unknown) => {
      throw patience.why() ?? unreachable(place.endpoint, error)
    })
    if (!response.ok && !but.includes(readElement(text, 'Code') ?? '')) throw refusal(place, response.status, text)
    return text
  }
  return {
    async write(key: string, size: number, bytes: Bytes): Promise<void> {
      await askText('PUT', key, { body: { size, bytes } })
    },
    async remove(key: string): Promise<void> {
      await askText('DELETE', key, {}, 'NoSuchKey')
    },
    async read(key: string, range: ByteRange | undefined): Promise<Blob | undefined> {
      checkRange(range, Infinity)
      const patience = createPatience(silenceMs, place.endpoint)
      const response = await ask('GET', key, range ? { headers: { range: `bytes=${range.start}-${range.end}` } } : {}, patience)
      if (response.ok && response.body) return { size: sizeOf(response, range, place), body: patience.whileGiven(response.body) }
      const text = await response.text().catch(() => '')
      patience[Symbol.dispose]()
      if (readElement(text, 'Code') === 'NoSuchKey') return undefined
      if (response.status === 416) throw outOfRange()
      throw refusal(place, response.status, text)
    },
    /** A page of at most 1000; `next` asks for the one after it. */
    async list(prefix: string, token: string | undefined): Promise<{ blobs: ListedBlob[]; next: string | undefined }> {
      const text = await askText('GET', '', { query: { 'list-type': '2', prefix, ...(token === undefined ? {} : { 'continuation-token': token }) } })
      const blobs = readElements(text, 'Contents').map((entry) => ({
        key: readElement(entry, 'Key') ?? '',
        size: Number(readElement(entry, 'Size')),
        modifiedAt: new Date(readElement(entry, 'LastModified') ?? 0).toISOString(),
      }))
      return { blobs: blobs.filter(({ key }) => isKey(key)), next: readElement(text, 'NextContinuationToken') }
    },
  }
}
/** The address of the bucket, to which a key is appended. */
export function bucketUrl({ endpoint, bucket, pathStyle }: Pick<S3Place, 'endpoint' | 'bucket' | 'pathStyle'>): string {
  const url = new URL(endpoint)
  if (!pathStyle) url.hostname = `${bucket}.${url.hostname}`
  const before = url.pathname.replace(/\/+$/, '')
  return `${url.origin}${before}/${pathStyle ? `${bucket}/` : ''}`
}
/** Of the whole object, from the answer to a question for all or a part of it. */
function sizeOf(response: Response, range: ByteRange | undefined, place: S3Place): number {
  const size = range ? /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1] : response.headers.get('content-length')
  if (size === undefined || size === null) throw withoutRanges(place.endpoint)
  return Number(size)
}
