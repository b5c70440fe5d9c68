import { request as httpRequest } from 'node:http'

export interface Answered {
  readonly status: number
  readonly headers: Record<string, unknown>
  readonly text: string
}
export type Asked = (method: string, url: string, headers?: Record<string, string>, body?: string) => Promise<Answered>

/** A request with any headers, also those that fetch forbids. */
export function askAt(server: string, method: string, url: string, headers: Record<string, string> = {}, body?: string): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(server)
    const sent = httpRequest({ host: '127.0.0.1', port, method, path: url, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      const answer = () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
      if (String(response.headers['content-type']).startsWith('text/event-stream')) {
        answer()
        return void sent.destroy()
      }
      response.on('data', (chunk: string) => (text += chunk)).on('end', answer)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
export const codeOf = ({ text }: { text: string }) => (JSON.parse(text) as { error: { code: string } }).error.code
