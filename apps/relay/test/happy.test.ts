/** The story of the existing `happy` command, unmodified: a terminal, its daemon, agents that speak ACP, and the phone of its user. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { lackingHappy, useComputer } from './happy/computer.ts'
import type { Computer } from './happy/computer.ts'
import { hostRelay } from './host.ts'
import type { Host } from './host.ts'
import { createPhone } from './happy/phone.ts'
import type { Phone, Said, Sealed } from './happy/phone.ts'
import type { Terminal } from './happy/terminal.ts'

describe.skipIf(lackingHappy !== null)(`the existing happy command${lackingHappy ?? ''}`, { timeout: 60_000 }, () => {
  let relay: Host
  let computer: Computer
  let phone: Phone
  let terminal: Terminal
  let session: Sealed

  const machine = (): Promise<Sealed> => phone.sees('a machine', async () => (await phone.machines())[0])
  /** The id of the request for permission that waits in a session. */
  const request = ({ id }: Sealed): Promise<string> =>
    phone.sees('a request for permission', async () => Object.keys((await phone.session(id)).state?.requests ?? {})[0])
  /** What was said in a session by either side, once there are `count` texts. */
  const texts = (of: Sealed, count: number): Promise<string[]> =>
    phone.sees(`${count} texts`, async () => {
      const said = (await phone.messages(of)).flatMap(textOf)
      return said.length >= count && said
    })

  beforeAll(async () => {
    relay = await hostRelay()
    phone = await createPhone(relay.url)
    computer = await useComputer(relay.url)
  })
  afterAll(async () => {
    await computer?.[Symbol.asyncDispose]()
    phone?.close()
    await relay?.[Symbol.asyncDispose]()
  })

  // Each test goes on where the one before has ended.
  let isOver = false
  beforeEach(({ skip }) => skip(isOver, 'the story has ended with the failure before'))
  afterEach(({ task }) => {
    isOver ||= task.result?.state === 'fail'
  })

  test('is logged in when the phone approves it', async () => {
    const login = computer.happy('auth', 'login')
    await login.shows(/How would you like to authenticate/)
    login.type('1')
    const [address] = await login.shows(/happy:\/\/terminal\?[\w-]{43}/)
    expect(await phone.approve(address)).toEqual({ status: { status: 'pending', supportsV2: true }, answer: { success: true } })
    await login.shows(/Authentication successful/)
    expect(await login.exited).toBe(0)
    expect(await computer.kept('access.key')).toMatchObject({ encryption: { publicKey: expect.any(String) }, token: expect.any(String) })
  })

  test('brings up its daemon, whose machine the phone sees and runs a command on', async () => {
    terminal = computer.happy(...computer.agentArguments)
    const [, id] = await terminal.shows(/Happy Session ID: (\S+)/)
    session = await phone.session(id!)
    expect(session).toMatchObject({ active: true, metadata: { path: computer.home, flavor: 'acp', lifecycleState: 'running' } })
    await phone.sees('a daemon that runs', async () => (await machine()).state?.status === 'running')
    const { id: machineId, metadata } = await machine()
    expect(metadata).toMatchObject({ happyCliVersion: '1.2.5', happyHomeDir: `${computer.home}/.happy` })
    expect(await computer.kept('settings.json')).toMatchObject({ machineId })
    const ran = await phone.call(await machine(), 'bash', { command: 'echo "$HOME"', cwd: '/' })
    expect(ran).toEqual({ success: true, stdout: `${computer.home}\n`, stderr: '', exitCode: 0 })
  })

  test('takes a prompt from the phone, asks it for permission and answers it', async () => {
    await phone.say(session, 'Write hello.txt')
    const id = await request(session)
    await phone.call(session, 'permission', { id, approved: true, decision: 'approved' })
    expect(await texts(session, 2)).toEqual(['Write hello.txt', 'You said: Write hello.txt. You chose proceed_once.'])
    await phone.sees('a settled request', async () => (await phone.session(session.id)).state.completedRequests[id]?.status === 'approved')
    const seqs = (await phone.messages(session)).map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.map((_, index) => index + 1))
  })

  test('comes back when the relay was restarted, with what was said meanwhile', async () => {
    await relay.restart()
    await phone.say(session, 'And bye.txt')
    await phone.call(session, 'permission', { id: await request(session), approved: true, decision: 'approved' })
    expect((await texts(session, 4)).slice(2)).toEqual(['And bye.txt', 'You said: And bye.txt. You chose proceed_once.'])
    expect(await phone.call(await machine(), 'bash', { command: 'echo back', cwd: '/' })).toMatchObject({ stdout: 'back\n' })
  })

  test('is ended by the phone, and its session is archived', async () => {
    expect(await phone.call(session, 'killSession', {})).toMatchObject({ success: true })
    await phone.sees('an archived session', async () => (await phone.session(session.id)).metadata.lifecycleState === 'archived')
    expect(await phone.session(session.id)).toMatchObject({ active: false, metadata: { archivedBy: 'cli' } })
  })

  test('starts a session when the phone asks its machine for one, which archiving puts to rest', async () => {
    const started = await phone.call(await machine(), 'spawn-happy-session', { directory: computer.home, agent: 'gemini' })
    expect(started).toEqual({ type: 'success', sessionId: expect.any(String) })
    const spawned = await phone.session(started.sessionId)
    await phone.say(spawned, 'Are you there?')
    await phone.call(spawned, 'permission', { id: await request(spawned), approved: false, decision: 'denied' })
    expect((await texts(spawned, 2))[1]).toContain('You said: Are you there?. You chose cancel.')
    await phone.post(`/v1/sessions/${spawned.id}/archive`, {})
    expect(await phone.session(spawned.id)).toMatchObject({ active: false })
  })

  test('stops its daemon, and the phone sees that the machine is gone', async () => {
    const { id } = await machine()
    expect(await computer.happy('daemon', 'stop').exited).toBe(0)
    await phone.socket.nextEphemeral((signal) => signal.type === 'machine-activity' && signal['id'] === id && signal['active'] === false, 20_000)
    expect(await machine()).toMatchObject({ state: { status: 'shutting-down' } })
    expect(await terminal.exited).toBe(0)
  })

  test('has told the relay nothing that it could read, and troubled it with nothing', async () => {
    for (const words of ['hello.txt', 'You chose', computer.home]) expect(await relay.filesWith(words), words).toEqual([])
    // The same search finds what the relay may know.
    expect(await relay.filesWith(session.id)).not.toEqual([])
    expect(relay.reported).toEqual([])
  })
})

/** What a message of either side, or of either kind of session, has for a reader. */
const textOf = ({ role, content }: Said): string[] => {
  if (role === 'user') return [content.text]
  if (role === 'session') return content.ev.t === 'text' ? [content.ev.text] : []
  return content.type === 'acp' && content.data.type === 'message' ? [content.data.message] : []
}
