import { compactMessages } from '../../engine/compaction-plan.ts'
import type { FilePart, Json, ModelMessage, ReasoningPart, TextPart, ToolCallPart, ToolResultPart } from '../../engine/types.ts'
import type { RunDeps, SessionRecordPort, StoredMessage } from './ports.ts'

type Deps = Pick<RunDeps, 'messages' | 'calls' | 'fileBytes'>
const largestInline = 20_000_000

/** The conversation of a session before `to`, as the model reads it; what was compacted is told by its summary. */
export async function conversation(deps: Deps, session: SessionRecordPort, to: number): Promise<ModelMessage[]> {
  const rows = deps.messages.between(session.id, session.compaction?.position ?? 0, to)
  const messages: ModelMessage[] = session.compaction ? [...compactMessages([], -1, session.compaction.summary, 0).messages] : []
  for (const row of rows) messages.push(...(await toModel(deps, row)))
  return messages
}
/** What one stored message is to the model: nothing when it is blank, an answer with its results when it called tools. */
export async function toModel(deps: Deps, row: StoredMessage): Promise<ModelMessage[]> {
  if (row.role === 'user') return [await userMessage(deps, row)]
  const parts = row.parts as readonly (TextPart | ReasoningPart | ToolCallPart)[] | null
  if (parts === null) return row.text.trim() === '' ? [] : [{ role: 'assistant', content: [{ type: 'text', text: row.text }] }]
  const calls = parts.filter((part) => part.type === 'tool_call')
  if (calls.length === 0 && parts.every((part) => part.type !== 'text' || part.text.trim() === '')) return []
  if (calls.length === 0) return [{ role: 'assistant', content: parts }]
  const stored = new Map(deps.calls.ofMessage(row.id).map((call) => [call.id, call]))
  const results: ToolResultPart[] = calls.map((call) => {
    const made = stored.get(call.callId)
    return {
      type: 'tool_result',
      callId: call.callId,
      name: call.name,
      text: made?.text ?? 'This call was never made.',
      isError: made?.status !== 'completed',
    }
  })
  return [
    { role: 'assistant', content: parts },
    { role: 'tool', content: results },
  ]
}
/** A person's message with its files: pictures and PDF as such, text inline, anything else by name. */
export async function userMessage(deps: Deps, row: StoredMessage): Promise<ModelMessage> {
  const content: (TextPart | FilePart)[] = [{ type: 'text', text: row.text }]
  for (const { fileId, name, mediaType, size } of deps.messages.attachments(row.id)) {
    const known = /^(image\/(png|jpeg|gif|webp)|application\/pdf|text\/.*|application\/json)$/.test(mediaType)
    if (!known || size > largestInline) {
      content.push({ type: 'text', text: `[The file ${name} (${mediaType}, ${size} bytes) is attached; its content is not shown here.]` })
      continue
    }
    content.push({ type: 'file', fileId, name, mediaType, data: Buffer.from(await deps.fileBytes(fileId)).toString('base64') })
  }
  return { role: 'user', content }
}
/** How many messages of the model's conversation a stored message stands for; the counterpart of `toModel`. */
function weight(row: StoredMessage): number {
  if (row.role === 'user') return 1
  const parts = row.parts as readonly { type: string; text?: string }[] | null
  if (parts === null) return row.text.trim() === '' ? 0 : 1
  if (parts.some((part) => part.type === 'tool_call')) return 2
  return parts.some((part) => part.type === 'text' && (part.text ?? '').trim() !== '') ? 1 : 0
}
/** The place in the session from which `kept` newest messages of the model's conversation begin. */
export function placeOf(rows: readonly StoredMessage[], kept: number): number {
  let left = kept
  for (const row of rows.toReversed()) {
    left -= weight(row)
    if (left <= 0) return row.position
  }
  return rows[0]?.position ?? 0
}
export const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value ?? null)) as Json
