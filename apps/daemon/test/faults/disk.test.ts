import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createClient, createWebSocketSender, type Client } from '@steward/client'
import { createIpcSender } from '@steward/client/node'
import { tempDir, until } from '@steward/testkit'
import { expect, test } from 'vitest'
import { model } from '../kit.ts'
import { beginDaemon, daemonEnv, type Answer, type DaemonProcess } from './daemon-process.ts'
import { noImages, noMounts } from './own-mounts.ts'
import { checkInside, mountTmpfs, smallDisk } from './small-disk.ts'
import { createWatcher } from './watcher.ts'

const full = 'The disk is full; nothing was changed. Free some space and try again.'
async function upload({ url, token }: DaemonProcess, body: Uint8Array<ArrayBuffer>): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' }
  const response = await fetch(`${url}/v1/files?name=some.bin`, { method: 'POST', headers, body })
  return { status: response.status, body: await response.json() }
}
const failures = (daemon: DaemonProcess) =>
  daemon
    .log()
    .split('\n')
    .filter((line) => line.includes('"level":"error"') && line.includes('runId')).length
const runsOf = async (daemon: DaemonProcess, sessionId: string) =>
  (await daemon.ask('GET', `/v1/runs?sessionId=${sessionId}`)).body.items as { id: string; status: string; resumes: number }[]

test(
  'on a full disk every door answers 503 with a sentence, reads go on, nothing acknowledged is lost, and a run goes on by itself when there is space again',
  { timeout: 60_000, skip: noMounts !== null },
  async () => {
    const story = Array.from({ length: 120 }, (_, word) => `word ${word}, `)
    await using at = await smallDisk(
      [
        { text: 'Hello.' },
        { calls: [{ name: 'shell_run', input: { command: 'echo > here; until [ -e go ]; do sleep 0.02; done; echo once >> lines; echo done' } }] },
        { text: story, deltaMs: 4 },
        { text: 'Heard.' },
      ],
      mountTmpfs,
    )
    const daemon = await at.start()
    const { body: session } = await daemon.ask('POST', '/v1/sessions', { model, permissionMode: 'auto' })
    const watcher = createWatcher(session.id)
    const watching = watcher.watch(daemon.url, daemon.token)
    const first = await daemon.ask('POST', `/v1/sessions/${session.id}/messages`, { text: 'hello' })
    await until(async () => (await runsOf(daemon, session.id))[0]?.status === 'completed')
    const second = await daemon.ask('POST', `/v1/sessions/${session.id}/messages`, { text: 'go on' })
    // The disk fills while a command runs that must not be run twice.
    await until(() => [...watcher.events.values()].some(({ name }) => name === 'tool.started') && existsSync(path.join(at.workspace, 'here')))
    at.fill()
    writeFileSync(path.join(at.workspace, 'go'), '')
    await until(() => failures(daemon) > 0, { what: 'the run to meet the full disk' })
    const asked = at.wire.requests.length
    const refused = { status: 503, body: { error: { code: 'unavailable', message: full, retryable: true } } }
    const key = { 'idempotency-key': 'once-only' }
    const sendAgain = () => daemon.ask('POST', `/v1/sessions/${session.id}/messages`, { text: 'with a key' }, key)
    expect(await sendAgain()).toMatchObject(refused)
    expect(await daemon.ask('POST', '/v1/sessions', { model })).toMatchObject(refused)
    expect(await daemon.ask('POST', '/v1/agents', { name: 'a', instructions: 'b' })).toMatchObject(refused)
    expect(await daemon.ask('PUT', '/v1/settings/runs.steps', { value: 7 })).toMatchObject(refused)
    const frames: Client[] = [
      createClient(createIpcSender({ socket: at.mounts.view(path.join(at.home, 'run', 'steward.sock')), token: daemon.token })),
      createClient(createWebSocketSender({ url: daemon.url, token: daemon.token })),
    ]
    for (const client of frames)
      await expect(client.messages.send({ sessionId: session.id, text: 'lost?' })).rejects.toMatchObject({ code: 'unavailable', message: full })
    expect(await upload(daemon, new Uint8Array(1_000_000))).toMatchObject({
      status: 503,
      body: { error: { code: 'unavailable', message: 'The disk is full; the file was not kept. Free some space and try again.' } },
    })
    expect(readdirSync(at.mounts.view(path.join(at.home, 'files', 'tmp')))).toEqual([])

    expect(await daemon.ask('GET', `/v1/sessions/${session.id}`)).toMatchObject({ status: 200, body: { id: session.id } })
    expect((await daemon.ask('GET', `/v1/sessions/${session.id}/messages`)).body.items.map(({ text }: { text: string }) => text).slice(0, 3)).toEqual(
      ['hello', 'Hello.', 'go on'],
    )
    for (const client of frames) expect((await client.messages.list({ sessionId: session.id })).items.length).toBeGreaterThanOrEqual(3)
    expect((await fetch(`${daemon.url}/ready`)).status).toBe(503)
    expect((await fetch(`${daemon.url}/health`)).status).toBe(200)

    expect(at.wire.requests.length, 'the model is not called for what cannot be written down').toBe(asked)
    // A little space now and then, enough for some lines and not for the next: the run goes on as far as it comes, and is not given up.
    for (const bytes of [8, 24, 40, 56, 72]) {
      at.free(bytes * 1024)
      await delay(250)
      at.fill()
    }
    const waiting = await runsOf(daemon, session.id)
    expect(
      waiting.find(({ id }) => id === second.body.runId),
      'the run waits',
    ).toMatchObject({ status: 'running', resumes: 0 })

    at.free()
    await until(async () => (await runsOf(daemon, session.id)).every(({ status }) => status === 'completed'), {
      timeoutMs: 10_000,
      what: 'the run to go on by itself',
    })
    expect(at.wire.requests.length, 'no step was taken twice').toBe(asked + 1)
    expect(readFileSync(path.join(at.workspace, 'lines'), 'utf8')).toBe('once\n')
    const answer = await sendAgain()
    expect(answer.status).toBe(202)
    expect((await sendAgain()).body).toEqual(answer.body)
    expect((await daemon.ask('PUT', '/v1/settings/runs.steps', { value: 7 })).status).toBe(200)
    await until(async () => (await runsOf(daemon, session.id)).every(({ status }) => status === 'completed'), { timeoutMs: 10_000 })
    for (const client of frames) await client.close()

    await daemon.kill()
    await watching
    const next = await at.start()
    const { body } = await next.ask('GET', `/v1/sessions/${session.id}/messages?order=oldest`)
    const texts = body.items
      .filter(({ role, synthetic }: { role: string; synthetic: boolean }) => role === 'user' && !synthetic)
      .map(({ id, text }: { id: string; text: string }) => [id, text])
    expect(texts).toEqual([
      [first.body.messageId, 'hello'],
      [second.body.messageId, 'go on'],
      [answer.body.messageId, 'with a key'],
    ])
    expect(watcher.complaints).toEqual([])
    const { body: log } = await next.ask('GET', `/v1/event-log?log=chat&sessionId=${session.id}&limit=200`)
    const logged = new Map(log.items.map((event: { seq: number }) => [event.seq, event]))
    for (const [seq, event] of watcher.events) expect(logged.get(seq)).toEqual(event)
    const answers = body.items.filter(({ role }: { role: string }) => role === 'assistant')
    expect(answers[1].toolCalls[0], 'its result is not lost').toMatchObject({ status: 'completed', text: 'done' })
    expect(answers[2]).toMatchObject({ status: 'final', text: story.join('') })
    expect(story.join(''), 'no word was shown twice').toContain(watcher.shown.get(answers[2].id)?.text)
    checkInside(at)
    await next.stop()
  },
)

test(
  'where the files folder is read-only an upload fails with a sentence, everything else goes on, and uploads work again when it is writable',
  { skip: noMounts !== null },
  async () => {
    await using at = await smallDisk([{ text: 'Hello.' }], mountTmpfs)
    const daemon = await at.start()
    const files = path.join(at.home, 'files')
    at.mounts.run('mount', '--bind', files, files)
    at.mounts.run('mount', '-o', 'remount,bind,ro', files)
    expect(await upload(daemon, Buffer.from('words'))).toMatchObject({
      status: 503,
      body: { error: { code: 'unavailable', message: 'The files folder cannot be written to; check its permissions.' } },
    })
    expect((await daemon.ask('POST', '/v1/sessions', { model })).status).toBe(201)
    at.mounts.run('umount', files)
    expect((await upload(daemon, Buffer.from('words'))).status).toBe(201)
    expect((await daemon.ask('GET', '/v1/files')).body.items).toHaveLength(1)
    await daemon.stop()
  },
)

test(
  'a data folder that is read-only or full stops the start with a sentence and exit code 1, and starts again when it is not',
  { timeout: 60_000, skip: noMounts !== null },
  async () => {
    await using at = await smallDisk([{ text: 'Hello.' }], mountTmpfs)
    const begin = () => beginDaemon(at.home, daemonEnv(at.wire.url, at.workspace), at.mounts.around)
    const refuses = async (sentence: RegExp) => {
      const begun = begin()
      await expect(begun.ready).rejects.toThrow(sentence)
      await begun.exited
      expect(begun.child.exitCode).toBe(1)
      expect(begun.log()).toMatch(sentence)
      expect(begun.log(), 'a sentence, not a stack').not.toContain('    at ')
    }
    at.mounts.run('mount', '-o', 'remount,ro', at.disk)
    await refuses(/^The data folder .* cannot be made; check that the disk it belongs on is there and can be written to\./)
    at.mounts.run('mount', '-o', 'remount,rw', at.disk)
    at.fill()
    await refuses(/disk (that )?is full/)
    at.free()
    const daemon = await at.start()
    const { body } = await daemon.ask('POST', '/v1/sessions', { title: 'kept' })
    await daemon.stop()

    at.mounts.run('mount', '-o', 'remount,ro', at.disk)
    await refuses(/^The data folder .* lies on a disk that is read-only; make it writable/)
    at.mounts.run('mount', '-o', 'remount,rw', at.disk)
    at.fill()
    await refuses(/disk (that )?is full/)
    at.free()
    const again = await at.start()
    expect(await again.ask('GET', `/v1/sessions/${body.id}`)).toMatchObject({ status: 200, body: { title: 'kept' } })
    await again.stop()
  },
)

test(
  'a disk that breaks under a running daemon: every write answers 503, reads go on, and after a restart everything acknowledged is there',
  { timeout: 60_000, skip: noImages !== null },
  async () => {
    await using image = await tempDir('steward-image-')
    const file = path.join(image.path, 'disk.img')
    await using at = await smallDisk([{ text: 'Hello.' }], `truncate -s 64M '${file}' && mkfs.ext4 -q '${file}' && mount -o loop '${file}' "$1"`)
    const daemon = await at.start()
    const kept: string[] = []
    for (const title of ['one', 'two', 'three']) kept.push((await daemon.ask('POST', '/v1/sessions', { title, model })).body.id)
    const { body: sent } = await daemon.ask('POST', `/v1/sessions/${kept[0]}/messages`, { text: 'hello' })
    await until(async () => (await runsOf(daemon, kept[0]!))[0]?.status === 'completed')
    // The kernel's own switch for a file system that has met an error: all writes fail from now on, with files open or not.
    at.mounts.run('mount', '-o', 'remount,abort', at.disk)
    for (let again = 0; again < 3; again++) {
      expect(await daemon.ask('POST', '/v1/sessions', { title: 'four' })).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } })
      expect(await daemon.ask('PUT', '/v1/settings/runs.steps', { value: 7 })).toMatchObject({
        status: 503,
        body: { error: { code: 'unavailable' } },
      })
    }
    expect((await daemon.ask('GET', '/v1/sessions')).body.items).toHaveLength(3)
    await daemon.kill()
    at.mounts.run('umount', at.disk)
    at.mounts.run('mount', '-o', 'loop', file, at.disk)
    const next = await at.start()
    for (const id of kept) expect((await next.ask('GET', `/v1/sessions/${id}`)).status).toBe(200)
    expect((await next.ask('GET', `/v1/messages/${sent.messageId}`)).body).toMatchObject({ text: 'hello' })
    expect((await next.ask('GET', '/v1/sessions')).body.items).toHaveLength(3)
    checkInside(at)
    await next.stop()
  },
)
