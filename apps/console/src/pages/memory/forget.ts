import { sayFault, sayUndo } from '../../parts/toast.tsx'
import { call, upload, type AnswerOf } from '../../platform/daemon.ts'
import { memory as words } from '../../text/memory.ts'

type Memory = AnswerOf<'memory.get'>

/** A memory as the Markdown that brings it back under its own id, with its times and where it is from. */
function entryOf({ id, kind, tags, source, agentId, sessionId, createdAt, updatedAt, expiresAt, text }: Memory): string {
  const facts = { kind, tags: JSON.stringify(tags), source: JSON.stringify(source), agentId, sessionId, createdAt, updatedAt, expiresAt }
  const head = Object.entries(facts).map(([name, value]) => `${name}: ${String(value)}\n`)
  return `---\nmemory: ${id}\n${head.join('')}---\n${text.replaceAll(/^(\\*---)$/gm, '\\$1')}\n`
}
/** Forgets a memory; for a while it can be brought back as it was. Rejects with Fault. */
export async function forget(memory: Memory): Promise<void> {
  await call('memory.delete', { id: memory.id })
  sayUndo(words.forgotten, () => void upload('memory.import', {}, new TextEncoder().encode(entryOf(memory))).catch(sayFault))
}
