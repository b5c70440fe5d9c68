/** What the page of the parts shows in them. */
export interface Row {
  readonly id: string
  readonly name: string
  readonly state: 'running' | 'completed' | 'failed' | 'waiting'
  readonly model: string
  readonly ms: number
  readonly usd: number
  readonly at: string
}
const names = [
  'Fix the flaky upload test',
  'Write the release notes',
  'Find out why the build is slow',
  'Répondre à Éloïse — délai de livraison',
  'A name so long that it cannot stand in any column of any window and has to be cut off somewhere',
]
const rowStates = ['running', 'completed', 'completed', 'failed', 'waiting'] as const
const models = ['anthropic/claude-sonnet', 'openai/gpt-mini', 'local/qwen']
const start = Date.now()

export const rowsOf = (from: number, to: number): readonly Row[] =>
  Array.from({ length: to - from }, (_, offset) => {
    const index = from + offset
    return {
      id: `row-${index}`,
      name: `${index + 1}. ${names[index % names.length]}`,
      state: rowStates[index % rowStates.length] ?? 'completed',
      model: models[index % models.length] ?? '',
      ms: (index * 7919) % 90_000,
      usd: ((index * 31) % 700) / 1_000,
      at: new Date(start - index * 61_000).toISOString(),
    }
  })
export const days = ['1 Mar', '2 Mar', '3 Mar', '4 Mar', '5 Mar', '6 Mar', '7 Mar', '8 Mar', '9 Mar', '10 Mar', '11 Mar', '12 Mar']
export const costs = [
  { label: 'claude-sonnet', values: [1.2, 0.8, 2.4, 3.1, 0.4, 0, 0.2, 1.9, 2.2, 2.8, 1.1, 0.9] },
  { label: 'gpt-mini', values: [0.3, 0.4, 0.2, 0.9, 0.1, 0, 0, 0.7, 0.5, 0.2, 0.6, 0.3] },
  { label: 'qwen', values: [0, 0.1, 0.1, 0.1, 0.2, 0.1, 0, 0.2, 0.1, 0, 0.2, 0.1] },
]
export const runs = [
  { label: 'completed', values: [12, 9, 22, 28, 4, 1, 2, 17, 20, 25, 11, 8] },
  { label: 'failed', values: [1, 0, 3, 2, null, null, 0, 1, 5, 1, 0, 2] },
]
export const steps = [
  { id: 'fetch', label: 'Fetch the report', state: 'completed', note: '1.2 s' },
  { id: 'tables', label: 'Read the tables', state: 'completed', note: '240 ms' },
  { id: 'text', label: 'Summarise the text', state: 'running', note: 'claude-sonnet' },
  { id: 'charts', label: 'Draw the charts', state: 'failed', note: 'No figures in sheet 3' },
  { id: 'review', label: 'Ask for a review', state: 'waiting' },
  { id: 'send', label: 'Send it to the team', state: 'queued' },
] as const
export const stepLinks = [
  { from: 'fetch', to: 'tables' },
  { from: 'fetch', to: 'text' },
  { from: 'tables', to: 'charts' },
  { from: 'tables', to: 'text' },
  { from: 'charts', to: 'review' },
  { from: 'text', to: 'review' },
  { from: 'review', to: 'send' },
]
export const modelOptions = [
  { value: 'anthropic/claude-sonnet', label: 'claude-sonnet', note: '200k, $3 / $15', group: 'Anthropic' },
  { value: 'anthropic/claude-haiku', label: 'claude-haiku', note: '200k, $1 / $5', group: 'Anthropic' },
  { value: 'openai/gpt-mini', label: 'gpt-mini', note: '128k', group: 'OpenAI' },
  { value: 'local/qwen', label: 'qwen', note: 'on this host', group: 'Local' },
  { value: 'local/off', label: 'llama', note: 'not running', group: 'Local', disabled: true },
]
export const formSchema = {
  type: 'object',
  properties: {
    path: { type: 'string', title: 'Path', description: 'The file to read, relative to the working folder.', maxLength: 80 },
    question: { type: 'string', title: 'Question', description: 'What to find out. It may have several lines.' },
    limit: { type: 'integer', title: 'Limit', minimum: 1, maximum: 500, default: 20, description: 'At most so many lines.' },
    mode: {
      title: 'Mode',
      oneOf: [
        { const: 'fast', title: 'Fast' },
        { const: 'thorough', title: 'Thorough' },
      ],
    },
    hidden: { type: 'boolean', title: 'Hidden files too', description: 'Also what begins with a dot.' },
    after: { type: 'string', format: 'date-time', title: 'Changed after' },
    link: { type: 'string', format: 'uri', title: 'Link' },
    token: { type: 'string', writeOnly: true, title: 'Token' },
    tags: { type: 'array', title: 'Tags', items: { type: 'string', maxLength: 20 }, maxItems: 5 },
    recipients: {
      type: 'array',
      title: 'Recipients',
      items: { $ref: '#/$defs/person' },
    },
    headers: { type: 'object', title: 'Headers', additionalProperties: { type: 'string', maxLength: 200 } },
    target: {
      title: 'Target',
      oneOf: [
        {
          type: 'object',
          title: 'A file',
          properties: { kind: { const: 'file' }, name: { type: 'string', title: 'File name' } },
          required: ['kind', 'name'],
        },
        {
          type: 'object',
          title: 'A channel',
          properties: { kind: { const: 'channel' }, channel: { type: 'string', title: 'Channel' } },
          required: ['kind', 'channel'],
        },
      ],
    },
    anything: { title: 'Anything', description: 'What has no type is entered as JSON.' },
  },
  required: ['path', 'question'],
  $defs: {
    person: {
      type: 'object',
      properties: { name: { type: 'string', title: 'Full name', maxLength: 60 }, email: { type: 'string', format: 'email', title: 'Email' } },
      required: ['email'],
    },
  },
}
export const markdown = `A paragraph with **weight**, \`code\` and a [link](https://example.com).

| step | time |
| --- | ---: |
| read | 12 ms |
| write | 8 ms |

\`\`\`ts
const stream = createReadStream(file)
await once(stream, 'close')
\`\`\`
`
export const diff = `--- a/src/upload.ts
+++ b/src/upload.ts
@@ -10,5 +10,5 @@
 export async function upload(file: string) {
   const stream = send(file)
-  setTimeout(done, 50)
+  await once(stream, 'close')
   return stream.id
 }
`
export const hostile = 'Done.\u001B[31m All good \u202Etxt.exe\u202C <img src=x onerror=alert(1)>'
export const json = {
  tool: 'shell',
  input: { command: 'npm test -- upload', timeoutMs: 60_000 },
  output: { exit: 1, lines: ['1 failed', '19 passed'] },
}
