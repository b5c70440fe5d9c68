import { Fault, type FaultWire } from '@steward/contract'
import type { File as StoredFile } from '@steward/contract/daemon'

export interface UploadRequest {
  readonly file: File
  readonly sessionId: string
  /** One key, one file: an upload that is said again is not stored twice. */
  readonly key: string
  onProgress(sentBytes: number): void
  readonly signal: AbortSignal
}
const typeOf = ({ type }: File): string => (/^[\w.+-]{1,100}\/[\w.+-]{1,100}$/.test(type) ? type : 'application/octet-stream')
function faultOf(request: XMLHttpRequest): Fault {
  try {
    const { error } = JSON.parse(request.responseText) as { error: FaultWire }
    return new Fault(error.code, error.message, error.details, { retryable: error.retryable })
  } catch {
    return new Fault('unavailable', 'The daemon could not be reached, so the file was not uploaded.')
  }
}
/** Uploads a file into a session. Throws Fault; an AbortError when `signal` gives it up. fetch tells no progress, hence XMLHttpRequest. */
export function upload({ file, sessionId, key, onProgress, signal }: UploadRequest): Promise<StoredFile> {
  const request = new XMLHttpRequest()
  const query = new URLSearchParams({ name: file.name.slice(-255) || 'file', sessionId })
  request.open('POST', `/v1/files?${query}`)
  request.setRequestHeader('content-type', typeOf(file))
  request.setRequestHeader('idempotency-key', key)
  return new Promise((resolve, reject) => {
    request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded))
    request.addEventListener('load', () =>
      request.status === 201 ? resolve(JSON.parse(request.responseText) as StoredFile) : reject(faultOf(request)),
    )
    request.addEventListener('error', () => reject(faultOf(request)))
    request.addEventListener('abort', () => reject(new DOMException('The upload was cancelled.', 'AbortError')))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })
}
