import { setImmediate as turn } from 'node:timers/promises'
import { Fault } from '@steward/contract'
import type { Message, ToolCall } from '@steward/contract/daemon'
import type { OpenBytes } from '@steward/kernel'
import type { RoomHandlers } from '../../platform/context.ts'
import type { MessagePort } from './ports.ts'
import { toSession, type SessionRecord } from './store.ts'

const pageSize = 25
/** A file name of plain letters, safe in a header and on every disk. */
function slug(title: string): string {
  const plain = title.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  return (
    plain
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 60)
      .replace(/-$/, '') || 'session'
  )
}
/** A code block whose fence is longer than any in the text. */
const fenced = (text: string, language = '') => {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}${text.endsWith('\n') ? '' : '\n'}${fence}\n`
}
const callText = ({ toolId, status, input, text }: ToolCall) =>
  `**${toolId}** (${status})\n\n${fenced(JSON.stringify(input, null, 2), 'json')}${text === null || text === '' ? '' : `\n${fenced(text)}`}`
const messageText = (message: Message): string => {
  const who = message.role === 'user' ? (message.synthetic ? 'Steward' : 'User') : `Assistant${message.model === null ? '' : ` (${message.model})`}`
  const files = message.attachments.map(({ name, mediaType, size }) => `- ${name} (${mediaType}, ${size} bytes)\n`).join('')
  const parts = [
    `## ${who}, ${message.createdAt}${message.status === 'interrupted' ? ', interrupted' : ''}\n`,
    message.text === '' ? '' : `${message.text}\n`,
    files,
    ...message.toolCalls.map(callText),
  ]
  return `\n${parts.filter((part) => part !== '').join('\n')}`
}
const inLine = (text: string) => text.replaceAll(/\s+/g, ' ')
const head = ({ title, workspace, model, createdAt, usage }: SessionRecord) =>
  `# ${inLine(title)}\n\n- Workspace: ${inLine(workspace.path)}\n- Model: ${model}\n- Created: ${createdAt}\n- Tokens: ${usage.inputTokens} in, ${usage.outputTokens} out; ${usage.costUsd} USD\n`

const bytes = (write: (record: SessionRecord) => AsyncGenerator<string>, record: SessionRecord): OpenBytes =>
  async function* (range) {
    if (range) throw new Fault('invalid', 'An export cannot be read in ranges.')
    const encoder = new TextEncoder()
    for await (const text of write(record)) yield encoder.encode(text)
  }

/** Sessions as files. What is sent is read page by page: a page is all that is ever held. A session deleted meanwhile breaks the download off. */
export function createExport(need: (id: string) => SessionRecord, messages: MessagePort) {
  async function* all(id: string): AsyncGenerator<readonly Message[]> {
    for (let from = 0; ;) {
      need(id)
      const page = messages.store.oldestAfter(id, from, pageSize)
      if (page.length === 0) return
      yield page.map(messages.whole)
      from = page.at(-1)?.position ?? from
      await turn()
    }
  }
  async function* json(record: SessionRecord): AsyncGenerator<string> {
    const { limits, todos, compaction } = record
    yield `{"format":"steward.session","version":1,"exportedAt":${JSON.stringify(new Date().toISOString())},"session":${JSON.stringify(toSession(record))},"limits":${JSON.stringify(limits)},"todos":${JSON.stringify(todos)},"compaction":${JSON.stringify(compaction)},"messages":[`
    let before = '\n'
    for await (const page of all(record.id)) {
      yield before + page.map((message) => JSON.stringify(message)).join(',\n')
      before = ',\n'
    }
    yield '\n]}\n'
  }
  async function* markdown(record: SessionRecord): AsyncGenerator<string> {
    yield head(record)
    for await (const page of all(record.id)) yield page.map(messageText).join('')
  }
  const formats = {
    json: { write: json, ending: 'json', mediaType: 'application/json' },
    markdown: { write: markdown, ending: 'md', mediaType: 'text/markdown; charset=utf-8' },
  }
  return {
    async 'sessions.export'({ attach }, { id, format }) {
      const record = need(id)
      const { write, ending, mediaType } = formats[format]
      attach(bytes(write, record))
      return { name: `${slug(record.title)}.${ending}`, mediaType, size: null }
    },
  } satisfies RoomHandlers
}
