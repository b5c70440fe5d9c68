import http from 'node:http'
import type { Place } from './place.ts'

const keptAlive = new http.Agent({ keepAlive: true, maxSockets: 64 })

/** One request as JSON, with the owner's token, on a kept connection. Throws for any status but 2xx. */
export function ask<T>({ url, token }: Pick<Place, 'url' | 'token'>, method: string, route: string, body?: unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
    const request = http.request(`${url}${route}`, { method, headers, agent: keptAlive }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece))
      response.on('error', reject)
      response.on('end', () => {
        const { statusCode = 0 } = response
        if (statusCode < 200 || statusCode > 299) return reject(new Error(`${method} ${route} answered ${statusCode}: ${text.slice(0, 500)}`))
        resolve((text === '' ? null : JSON.parse(text)) as T)
      })
    })
    request.on('error', reject)
    request.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
export interface Heard {
  readonly name: string
  readonly data: string
  /** `performance.now()` of its arrival. */
  readonly at: number
}
export interface Reader {
  /** The first event from now on that fits. */
  next(fits: (event: Heard) => boolean): Promise<Heard>
  close(): void
}
/** Reads an event stream (WHATWG HTML §9.2, as far as Steward writes it). Resolves when it is open and has given what there was. */
export function openReader({ url, token }: Pick<Place, 'url' | 'token'>, route: string): Promise<Reader> {
  const waiting = new Set<{ fits: (event: Heard) => boolean; found: (event: Heard) => void }>()
  return new Promise((resolve, reject) => {
    const request = http.get(`${url}${route}`, { headers: { authorization: `Bearer ${token}` }, agent: false }, (response) => {
      if (response.statusCode !== 200) return reject(new Error(`${route} answered ${response.statusCode}.`))
      response.socket.setNoDelay(true)
      let held = ''
      response.setEncoding('utf8').on('data', (piece: string) => {
        const at = performance.now()
        const parts = (held + piece).split('\n\n')
        held = parts.pop() ?? ''
        for (const part of parts) hear(part, at)
      })
      response.on('error', () => undefined)
      resolve({
        next: (fits) => new Promise((found) => waiting.add({ fits, found })),
        close: () => void request.destroy(),
      })
    })
    request.on('error', reject)
  })
  function hear(text: string, at: number): void {
    const name = /^event: (.*)$/m.exec(text)?.[1]
    if (name === undefined) return
    const event = { name, data: /^data: (.*)$/m.exec(text)?.[1] ?? '', at }
    for (const waiter of waiting) {
      if (!waiter.fits(event)) continue
      waiting.delete(waiter)
      waiter.found(event)
    }
  }
}
