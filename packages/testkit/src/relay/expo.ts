import { randomUUID } from 'node:crypto'
import { startVendor } from './vendor-server.ts'
import type { VendorAnswer, VendorServer } from './vendor-server.ts'

/** Of Expo's message format what stands in a push of the existing clients; the rest is kept too. */
export interface PushMessage {
  readonly to: string
  readonly title?: string
  readonly body?: string
  readonly data?: unknown
  readonly [field: string]: unknown
}
/** The codes of Expo's documentation; those that a ticket and a receipt can carry. */
export type PushError = 'DeviceNotRegistered' | 'MessageTooBig' | 'MessageRateExceeded' | 'MismatchSenderId' | 'InvalidCredentials'

export interface ExpoServer extends VendorServer {
  /** What was accepted (its ticket says ok), one entry for each receiver, in order. */
  readonly messages: readonly PushMessage[]
  /** From now on every message to this push token gets a ticket with this error. */
  refuse(token: string, error: PushError): void
  /** From now on messages to this push token are accepted, and their receipts tell this error. */
  lose(token: string, error: PushError): void
}
const most = { messages: 100, receipts: 1000, bytes: 4096 }

const whole = (code: string, message: string, status = 400): VendorAnswer => ({ status, body: { errors: [{ code, message }] } })
const failed = (error: PushError, token: string) => ({
  status: 'error',
  message:
    error === 'DeviceNotRegistered' ? `"${token}" is not a registered push notification recipient` : `The message to "${token}" failed: ${error}`,
  details: { error, expoPushToken: token },
})

/**
 * A loopback stand-in of Expo's push service: `POST /--/api/v2/push/send` and `…/push/getReceipts`, with its tickets, receipts, limits (100 messages, 1000 receipts,
 * 4096 bytes a message) and errors. With `accessToken` only requests that bear it are good.
 */
export async function startExpo(options: { accessToken?: string } = {}): Promise<ExpoServer> {
  const messages: PushMessage[] = []
  const refused = new Map<string, PushError>()
  const lost = new Map<string, PushError>()
  const sentTo = new Map<string, string>()

  const ticket = (message: PushMessage): object => {
    const error = Buffer.byteLength(JSON.stringify(message)) > most.bytes ? 'MessageTooBig' : refused.get(message.to)
    const isToken = /^Expo(?:nent)?PushToken\[.+\]$/.test(message.to)
    if (error !== undefined || !isToken) return failed(error ?? 'DeviceNotRegistered', message.to)
    const id = randomUUID()
    messages.push(message)
    sentTo.set(id, message.to)
    return { status: 'ok', id }
  }
  const send = (body: unknown): VendorAnswer => {
    const given = Array.isArray(body) ? body : [body]
    if (!given.every(isMessage)) return whole('VALIDATION_ERROR', '"to" is required.')
    const each = given.flatMap((message) => [message.to].flat().map((to) => ({ ...message, to })))
    if (each.length > most.messages)
      return whole('PUSH_TOO_MANY_NOTIFICATIONS', `Received ${each.length} messages in one request; at most 100 are allowed.`)
    const tickets = each.map(ticket)
    return { status: 200, body: { data: Array.isArray(body) || tickets.length > 1 ? tickets : tickets[0] } }
  }
  const getReceipts = (body: unknown): VendorAnswer => {
    const ids = (body as { ids?: unknown } | null | undefined)?.ids
    if (!Array.isArray(ids)) return whole('VALIDATION_ERROR', '"ids" is required.')
    if (ids.length > most.receipts) return whole('PUSH_TOO_MANY_RECEIPTS', `Received ${ids.length} ids in one request; at most 1000 are allowed.`)
    const receipts = ids.flatMap((id) => {
      const token = sentTo.get(id)
      if (token === undefined) return []
      const error = lost.get(token)
      return [[id, error === undefined ? { status: 'ok' } : failed(error, token)]]
    })
    return { status: 200, body: { data: Object.fromEntries(receipts) } }
  }
  const routes: Readonly<Record<string, (body: unknown) => VendorAnswer>> = {
    'POST /--/api/v2/push/send': send,
    'POST /--/api/v2/push/getReceipts': getReceipts,
  }
  const vendor = await startVendor(({ method, path, headers, body }) => {
    const route = routes[`${method} ${path}`]
    if (!route) return whole('NOT_FOUND', `There is no ${method} ${path}.`, 404)
    if (options.accessToken !== undefined && headers['authorization'] !== `Bearer ${options.accessToken}`)
      return whole('UNAUTHORIZED', 'The access token is missing or not good.', 401)
    return route(body)
  })
  return {
    ...vendor,
    messages,
    refuse: (token, error) => void refused.set(token, error),
    lose: (token, error) => void lost.set(token, error),
  }
}

const isMessage = (message: unknown): message is PushMessage & { readonly to: string | readonly string[] } =>
  typeof message === 'object' && message !== null && 'to' in message && [message.to].flat().every((to) => typeof to === 'string')
