import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { lastUserText, turnIndex, until, type Turn, type WireRequest } from '@steward/testkit'
import { model, type Host, type HostOptions } from './harness.ts'

const before = `import { setTimeout } from 'node:timers'

export async function upload(stream, done) {
  stream.end()
  setTimeout(done, 50)
}
`
const usage = { inputTokens: 5_200, outputTokens: 640, cacheReadTokens: 18_000 }
/** What the model of the pictures says, by the words it was asked with. */
const answers: Readonly<Record<string, readonly Turn[]>> = {
  'fails one time': [
    {
      reasoning: 'The test waits for a timer. Look at the code before deciding.',
      text: 'I look at the test and at what it tests.',
      calls: [
        { name: 'files_read', input: { path: 'src/upload.ts' } },
        { name: 'files_grep', input: { pattern: 'setTimeout' } },
      ],
      usage,
    },
    {
      text: 'The upload ends before the stream is closed. I make it wait for the event.',
      calls: [
        { name: 'files_edit', input: { path: 'src/upload.ts', oldText: 'setTimeout(done, 50)', newText: "await once(stream, 'close')\n  done()" } },
      ],
      usage,
    },
    {
      text: "## What was wrong\n\nThe test waited for **a timer** in place of the event, so one run in twenty was too early.\n\n| Run | Before | After |\n| --- | --- | --- |\n| 200 runs | 11 failed | none failed |\n\n```ts\nawait once(stream, 'close')\ndone()\n```\n\nNothing else in the folder waits in this way.",
      usage,
    },
  ],
  'Clean up': [
    {
      text: 'These folders hold nothing but build output.',
      calls: [{ name: 'shell_run', input: { command: 'rm -rf build/ tmp/ && git status --short' } }],
      usage,
    },
  ],
}
export const options: HostOptions = {
  turns: (request: WireRequest): Turn => {
    const all = JSON.stringify(request.body['messages'])
    const asked = Object.keys(answers).find((words) => all.includes(words))
    return (
      (asked === undefined ? undefined : answers[asked]?.[turnIndex(request)]) ?? {
        text: `About "${lastUserText(request).slice(0, 60)}": done.`,
        usage,
      }
    )
  },
}
/** Fills a daemon with a working day: what the pictures of the documentation show. */
export async function seed(host: Host): Promise<readonly string[]> {
  const { client, workspace } = host
  mkdirSync(path.join(workspace, 'src'))
  writeFileSync(path.join(workspace, 'src/upload.ts'), before)
  writeFileSync(path.join(workspace, 'README.md'), '# Notes\n\nHow uploads work.\n')
  execFileSync('git', ['init', '--quiet'], { cwd: workspace })
  await client.models.price({ model, price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 }, contextTokens: 200_000 })
  const session = (title: string, permissionMode: 'ask' | 'accept-edits' = 'ask') =>
    client.sessions.create({ title, model, permissionMode, workspace: { path: workspace }, budgetUsd: 2 })
  const settled = (id: string) => until(async () => ['idle', 'waiting'].includes((await client.sessions.get({ id })).status), { timeoutMs: 30_000 })
  for (const title of ['Explain the retry policy', 'Write the release notes', 'Upgrade the linter', 'Why is the build slow']) {
    const { id } = await session(title)
    await client.messages.send({ sessionId: id, text: title })
    await settled(id)
  }
  const fix = await session('Fix the flaky upload test', 'accept-edits')
  await client.messages.send({ sessionId: fix.id, text: 'The upload test fails one time in 20. Find out why and mend it.' })
  await settled(fix.id)
  const clean = await session('Clean up the workspace')
  await client.messages.send({ sessionId: clean.id, text: 'Clean up what the build has left.' })
  await until(async () => (await client.sessions.get({ id: clean.id })).status === 'waiting', { timeoutMs: 30_000 })
  await client.tasks.create({
    name: 'Morning report',
    target: { kind: 'prompt', text: 'Summarise what changed since yesterday.' },
    schedule: { kind: 'cron', expression: '30 7 * * 1-5', zone: 'Europe/Zurich' },
  })
  const hourly = await client.tasks.create({
    name: 'Read the notes',
    target: { kind: 'tool', toolId: 'files.read', inputs: { path: path.join(workspace, 'README.md') } },
    schedule: { kind: 'interval', everyMs: 3_600_000 },
  })
  await client.tasks.runNow({ id: hourly.id })
  for (const text of [
    'Uploads go through src/upload.ts; tests are in test/.',
    'Release notes are written for users, not for developers.',
    'The build machine has two cores.',
  ])
    await client.memory.save({ text, kind: 'fact', tags: ['project'] })
  const { plan } = await client.plans.create({ text: 'read the file README.md', model: 'builtin', workspace: { path: workspace } })
  if (plan.id !== null) await client.executions.start({ planId: plan.id, workspace: { path: workspace } })
  const workflow = await client.workflows.save({
    name: 'First lines',
    description: 'The first line of each file that a pattern finds.',
    inputs: { type: 'object', properties: { pattern: { type: 'string' } }, required: ['pattern'] },
    permissions: ['files:read'],
    steps: [
      { id: 'find', toolId: 'files.glob', inputs: { pattern: '{{inputs.pattern}}' } },
      { id: 'read', toolId: 'files.read', inputs: { path: 'README.md' }, dependsOn: ['find'] },
      { id: 'search', toolId: 'files.grep', inputs: { pattern: 'upload' }, dependsOn: ['find'] },
    ],
  })
  await client.workflows.run({ id: workflow.id, inputs: { pattern: '**/*.md' }, workspace: { path: workspace } })
  return [
    '/sessions',
    `/sessions/${fix.id}`,
    `/sessions/${clean.id}`,
    '/inbox',
    plan.id === null ? '/plan' : `/plan?plan=${plan.id}`,
    '/workflows',
    `/workflows/${workflow.id}?tab=edit`,
    '/tasks',
    `/tasks/${hourly.id}`,
    '/tools',
    '/memory',
    '/history',
    '/audit',
    '/usage',
    '/logs',
    '/settings/models',
    '/settings/general',
    '/settings/permissions',
    '/settings/agents',
    '/settings/tokens',
    '/settings/hooks',
    '/settings/skills',
    '/welcome',
    '/parts',
  ]
}
