import { Fault } from '@steward/contract'
import { z } from 'zod'
import { parseJson } from '../json.ts'
import { asField, viaField } from './behalf.ts'

/** A frame of text is at most so long, in bytes. */
export const maxFrameBytes = 16 * 1024 * 1024
/** Bytes travel in pieces of at most so many, before base64. */
export const chunkBytes = 64 * 1024
/** Pieces that may be under way before the receiver grants more with `{id, credit: n}`; both directions begin with so many. */
export const openCredit = 16
/** Calls, streams and transfers of one connection at a time. */
export const maxInFlight = 1_000

const id = z.int().min(1)
const behalf = { as: asField.optional(), via: viaField.optional() }
const opFrame = z.strictObject({
  id,
  op: z.string().max(200),
  input: z.unknown().optional(),
  key: z.string().optional(),
  ...behalf,
  /** Of a download: its answer without its bytes. */
  bytes: z.literal(false).optional(),
  range: z.strictObject({ start: z.int().min(0), end: z.int().min(0) }).optional(),
})
const subscribeFrame = z.strictObject({
  id,
  subscribe: z.strictObject({ sessionId: z.string().max(200).optional(), names: z.array(z.string().max(100)).max(200).optional() }),
  after: z.string().max(400).optional(),
  /** Wants to be told with `{id, open: true}` that the stream is open. */
  ack: z.literal(true).optional(),
  ...behalf,
})
const delegateFrame = z.strictObject({
  id,
  /** `identify` tells who holds a credential and stays open until it ends; `login` exchanges a code; `open` carries a request that proves itself; `terms` and `ready` are about the process itself. */
  delegate: z.enum(['identify', 'login', 'open', 'ready', 'terms']),
  code: z.string().max(1_000).optional(),
  /** The body is base64. */
  open: z
    .strictObject({
      path: z.string().max(200),
      id: z.string().max(2_000),
      headers: z.record(z.string(), z.string().or(z.array(z.string()))),
      body: z.string(),
    })
    .optional(),
  ...behalf,
})
const kinds = {
  op: opFrame,
  subscribe: subscribeFrame,
  delegate: delegateFrame,
  chunk: z.strictObject({ id, chunk: z.string(), end: z.boolean().optional() }),
  credit: z.strictObject({ id, credit: z.int().min(1).max(1_024) }),
  cancel: z.strictObject({ id, cancel: z.literal(true) }),
}
type Kind = keyof typeof kinds
export type OpFrame = z.output<typeof opFrame>
export type SubscribeFrame = z.output<typeof subscribeFrame>
export type DelegateFrame = z.output<typeof delegateFrame>
export type Frame = { [K in Kind]: { readonly kind: K; readonly frame: z.output<(typeof kinds)[K]> } }[Kind]

/** Reads one frame of a client. A fault comes with the frame's id where that could be read, else 0. */
export function readFrame(text: string): Frame | { readonly kind: 'broken'; readonly id: number; readonly fault: Fault } {
  let value: unknown
  try {
    value = parseJson(text)
  } catch (error) {
    return { kind: 'broken', id: idAtStart(text), fault: error instanceof Fault ? error : new Fault('invalid', 'The frame is not JSON.') }
  }
  const read = id.safeParse((value as { id?: unknown } | null)?.id)
  const at = read.success ? read.data : 0
  const broken = (message: string) => ({ kind: 'broken', id: at, fault: new Fault('invalid', message) }) as const
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return broken('A frame is a JSON object.')
  const kind = (Object.keys(kinds) as Kind[]).find((name) => Object.hasOwn(value, name))
  if (kind === undefined) return broken('A frame carries op, subscribe, chunk, credit or cancel.')
  if (!read.success) return broken('A frame has an id: a whole number from 1.')
  const parsed = kinds[kind].safeParse(value)
  if (parsed.success) return { kind, frame: parsed.data } as Frame
  const first = parsed.error.issues[0]
  const place = first && first.path.length > 0 ? `${first.path.join('.')}: ` : ''
  return broken(`The ${kind} frame does not fit: ${place}${first?.message ?? 'unknown fault'}.`)
}
/** The id of a frame that could not be read whole, from its first characters. */
export const idAtStart = (text: string): number => {
  const found = Number(/^\s*\{\s*"id"\s*:\s*(\d{1,15})\b/.exec(text.slice(0, 100))?.[1] ?? 0)
  return Number.isSafeInteger(found) ? found : 0
}
