import { z } from 'zod'

/** One message of Expo's push service; https://docs.expo.dev/push-notifications/sending-notifications/ has all its fields. */
export interface PushMessage {
  readonly to: string
  readonly title: string
  readonly body: string
  readonly data: Readonly<Record<string, unknown>>
  readonly sound: 'default'
  readonly priority: 'high'
}
/** What became of a message: taken by the service, or not, and whether its phone is gone for good. */
export type PushOutcome = { readonly taken: true } | { readonly taken: false; readonly gone: boolean; readonly reason: string }
/** Sends messages, each at most once: what may have arrived is never sent again. Answers for each message in their order; never throws. */
export type SendPushes = (messages: readonly PushMessage[]) => Promise<PushOutcome[]>

/** Expo refuses more in one request. */
const batchSize = 100
const Ticket = z.object({ status: z.string(), details: z.object({ error: z.string().max(100).optional() }).nullish() })
const Answer = z.object({ data: z.array(Ticket) })

const outcomeOf = (ticket: z.output<typeof Ticket> | undefined): PushOutcome => {
  if (ticket === undefined) return { taken: false, gone: false, reason: 'the push service left it out of its answer' }
  if (ticket.status === 'ok') return { taken: true }
  const reason = ticket.details?.error ?? 'refused by the push service'
  return { taken: false, gone: reason === 'DeviceNotRegistered', reason }
}
/** Expo's push service at `url`, with all requests of one call together done within `deadlineMs`. */
export function createExpo({ url, accessToken, deadlineMs = 8_000 }: { url: string; accessToken?: string; deadlineMs?: number }): SendPushes {
  const headers = {
    accept: 'application/json',
    'content-type': 'application/json',
    ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
  }
  const sendBatch = async (batch: readonly PushMessage[], signal: AbortSignal): Promise<PushOutcome[]> => {
    const all = (reason: string): PushOutcome[] => batch.map(() => ({ taken: false, gone: false, reason }))
    try {
      const answer = await fetch(new URL('/--/api/v2/push/send', url), {
        method: 'POST',
        headers,
        body: JSON.stringify(batch),
        signal,
        redirect: 'error',
      })
      const text = await answer.text()
      if (!answer.ok) return all(`the push service answered ${answer.status}`)
      const read = Answer.safeParse(jsonOf(text))
      if (!read.success) return all('the push service answered something else than tickets')
      return batch.map((_message, at) => outcomeOf(read.data.data[at]))
    } catch {
      return all(
        signal.aborted
          ? `the push service did not answer within ${deadlineMs / 1000} s, so it is not known whether it arrived`
          : 'the connection to the push service failed, so it is not known whether it arrived',
      )
    }
  }
  return async (messages) => {
    const signal = AbortSignal.timeout(deadlineMs)
    const batches = Array.from({ length: Math.ceil(messages.length / batchSize) }, (_, at) => messages.slice(at * batchSize, (at + 1) * batchSize))
    return (await Promise.all(batches.map((batch) => sendBatch(batch, signal)))).flat()
  }
}
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
