import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { toolResults } from '@steward/testkit'
import { expect, test } from 'vitest'
import { model, startDaemon, type TestDaemon } from '../kit.ts'

const put = (daemon: TestDaemon, file: string, text: string | Uint8Array) => {
  const at = path.join(daemon.skills, file)
  mkdirSync(path.dirname(at), { recursive: true })
  writeFileSync(at, text)
}
const skillText = (name: string, description = `Does ${name}.`, body = `How to do ${name}.`) =>
  `---\nname: ${name}\ndescription: ${description}\n---\n\n${body}\n`
const told = async ({ client }: TestDaemon) => {
  const { items } = await client.events.list({ log: 'agents', limit: 200 })
  return items.filter(({ name }) => name.startsWith('skill.')).map(({ name, data }) => `${name} ${(data as { name: string }).name}`)
}

test('a user creates a skill, and the agent that needs it is told of it and loads it bit by bit', async () => {
  const asked: string[] = []
  await using daemon = await startDaemon({
    turns: (request) => {
      asked.push(JSON.stringify(request))
      const results = toolResults(request).length
      if (results === 0) return { calls: [{ name: 'skills_load', input: { name: 'release-notes' } }] }
      if (results === 1) return { calls: [{ name: 'skills_load', input: { name: 'release-notes', file: 'references/tone.md' } }] }
      return { text: 'Written.' }
    },
  })
  const made = await daemon.client.skills.create({
    name: 'release-notes',
    description: 'Writes release notes. Use when a version is published.',
    body: '# Release notes\n\nRead references/tone.md first.',
    tags: ['Writing', 'writing', 'git'],
  })
  expect(made).toMatchObject({ name: 'release-notes', status: 'valid', tags: ['writing', 'git'], files: [{ path: 'SKILL.md' }], faults: [] })
  put(daemon, 'release-notes/references/tone.md', 'Be brief.')
  const { id } = await daemon.client.sessions.create({ model })
  await daemon.say(id, 'Write the notes.')
  expect(asked[0]).toContain('- release-notes: Writes release notes. Use when a version is published.')
  expect(asked[0]).not.toContain('Read references/tone.md first.')
  expect(asked[1]).toContain('Read references/tone.md first.')
  expect(asked[1]).toContain('references/tone.md (9 bytes)')
  expect(asked[2]).toContain('Be brief.')
  const calls = (await daemon.events(id)).filter(({ name }) => name === 'tool.call').map(({ data }) => (data as any).call)
  expect(calls.map(({ toolId, input }) => [toolId, input])).toEqual([
    ['skills.load', { name: 'release-notes' }],
    ['skills.load', { name: 'release-notes', file: 'references/tone.md' }],
  ])
})
test('an agent is offered the skills that fit the standard and are among its own, and can load no other', async () => {
  const offered: string[] = []
  const answers: string[] = []
  await using daemon = await startDaemon({
    turns: (request) => {
      const results = toolResults(request)
      if (results.length > 0) answers.push(JSON.stringify(results))
      if (results.length > 0) return { text: 'Done.' }
      offered.push(JSON.stringify(request))
      return { calls: [{ name: 'skills_load', input: { name: 'theirs' } }] }
    },
  })
  for (const name of ['mine', 'theirs']) put(daemon, `${name}/SKILL.md`, skillText(name))
  put(daemon, 'broken/SKILL.md', skillText('other'))
  const say = async (fields: object) => {
    const { id: agentId } = await daemon.client.agents.create({ name: 'A', ...fields })
    await daemon.say((await daemon.client.sessions.create({ model, agentId })).id, 'Go.')
  }
  await say({ skills: ['mine'] })
  await say({ skills: [] })
  await say({ tools: ['files.*'] })
  await say({})
  expect(offered.map((text) => [text.includes('- mine: '), text.includes('- theirs: '), text.includes('broken')])).toEqual([
    [true, false, false],
    [false, false, false],
    [false, false, false],
    [true, true, false],
  ])
  expect(answers[0]).toContain('There is no skill theirs that you may load.')
  expect(answers[0]).not.toContain('How to do theirs.')
  expect(answers[2]).toContain('not among the tools')
  expect(answers[3]).toContain('How to do theirs.')
})
test('without a skill no agent is offered the tool', async () => {
  const asked: string[] = []
  await using daemon = await startDaemon({ turns: (request) => (asked.push(JSON.stringify(request)), { text: 'Hello.' }) })
  await daemon.say((await daemon.client.sessions.create({ model })).id, 'Hello.')
  expect(asked[0]).toContain('files_read')
  expect(asked[0]).not.toContain('skills_load')
})
test('what is edited by hand is seen and told, a fault with its file and line, and the old state is not written over', async () => {
  await using daemon = await startDaemon()
  const { client } = daemon
  const { etag } = await client.skills.create({ name: 'pdf', description: 'Fills PDF forms.', body: 'Old.' })
  put(daemon, 'pdf/SKILL.md', '---\nname: pdf\ndescription: By hand.\nversion: 2\n---\nNew.\n')
  expect(await client.skills.get({ name: 'pdf' })).toMatchObject({
    status: 'invalid',
    description: 'By hand.',
    body: 'New.\n',
    faults: [{ path: 'SKILL.md', line: 4, message: expect.stringContaining('no field "version"') }],
  })
  await expect(client.skills.update({ name: 'pdf', etag: etag!, body: 'Mine.' })).rejects.toMatchObject({ code: 'conflict' })
  expect(readFileSync(path.join(daemon.skills, 'pdf', 'SKILL.md'), 'utf8')).toContain('By hand.')
  await expect.poll(() => told(daemon), { timeout: 10_000 }).toEqual(['skill.changed pdf', 'skill.changed pdf'])
  put(daemon, 'later/SKILL.md', skillText('later'))
  await expect.poll(() => told(daemon), { timeout: 10_000 }).toContain('skill.changed later')
  expect((await client.skills.list({})).items.map(({ name, status }) => [name, status])).toEqual([
    ['later', 'valid'],
    ['pdf', 'invalid'],
  ])
  rmSync(path.join(daemon.skills, 'later'), { recursive: true })
  await expect.poll(() => told(daemon), { timeout: 10_000 }).toContain('skill.removed later')
  const { etag: now } = await client.skills.get({ name: 'pdf' })
  await expect(client.skills.update({ name: 'pdf', etag: now!, body: 'Mine.' })).rejects.toMatchObject({
    code: 'unprocessable',
    message: expect.stringContaining('line 4'),
  })
  const fixed = await client.skills.update({ name: 'pdf', etag: now!, text: skillText('pdf') })
  expect(fixed).toMatchObject({ status: 'valid', description: 'Does pdf.' })
  expect(await client.skills.get({ name: 'pdf' })).toEqual(fixed)
})
test('an update changes what it names and leaves the rest of SKILL.md as it was, comments too', async () => {
  await using daemon = await startDaemon()
  put(daemon, 'kept/SKILL.md', '---\n# mine\nname: kept\ndescription: "Long words." # so\nmetadata:\n  author: me\nlicense: MIT\n---\n\nText.\n')
  const { etag } = await daemon.client.skills.get({ name: 'kept' })
  await daemon.client.skills.update({ name: 'kept', etag: etag!, tags: ['One', 'two'] })
  expect(readFileSync(path.join(daemon.skills, 'kept', 'SKILL.md'), 'utf8')).toBe(
    '---\n# mine\nname: kept\ndescription: "Long words." # so\nmetadata:\n  author: me\n  tags: one, two\nlicense: MIT\n---\n\nText.\n',
  )
})
test('a deleted skill lies in the trash with all its files, and comes back under its name when that is free', async () => {
  await using daemon = await startDaemon()
  const { client } = daemon
  put(daemon, 'old/SKILL.md', skillText('old'))
  put(daemon, 'old/scripts/run.sh', 'echo hi\n')
  const { id } = await client.skills.delete({ name: 'old' })
  expect((await client.skills.list({})).items).toEqual([])
  expect(existsSync(path.join(daemon.skills, 'old'))).toBe(false)
  expect((await client.skills.trash({})).items).toEqual([{ id, name: 'old', deletedAt: expect.any(String) }])
  await client.skills.create({ name: 'old', description: 'Is another.' })
  await expect(client.skills.restore({ id })).rejects.toMatchObject({ code: 'conflict' })
  await client.skills.delete({ name: 'old' })
  expect(await client.skills.restore({ id })).toMatchObject({ description: 'Does old.', files: [{ path: 'SKILL.md' }, { path: 'scripts/run.sh' }] })
  expect((await client.skills.trash({})).items.map(({ name }) => name)).toEqual(['old'])
  expect((await told(daemon)).filter((one) => one.endsWith(' old'))).toEqual([
    'skill.changed old',
    'skill.removed old',
    'skill.changed old',
    'skill.removed old',
    'skill.changed old',
  ])
})
test('nothing outside of a skill’s folder is read, whatever links say, and what cannot be a skill says why', async () => {
  await using daemon = await startDaemon()
  const { client } = daemon
  const outside = path.join(daemon.skills, '..', 'outside')
  mkdirSync(outside)
  writeFileSync(path.join(outside, 'SKILL.md'), skillText('linked'))
  writeFileSync(path.join(outside, 'secret.txt'), 'the secret')
  put(daemon, 'good/SKILL.md', skillText('good'))
  symlinkSync(outside, path.join(daemon.skills, 'linked'))
  symlinkSync(path.join(outside, 'secret.txt'), path.join(daemon.skills, 'good', 'out.txt'))
  symlinkSync('SKILL.md', path.join(daemon.skills, 'good', 'in.md'))
  mkdirSync(path.join(daemon.skills, 'through'))
  symlinkSync(path.join(outside, 'SKILL.md'), path.join(daemon.skills, 'through', 'SKILL.md'))
  put(daemon, 'latin/SKILL.md', Buffer.from([...Buffer.from('---\nname: latin\ndescription: caf'), 0xe9, ...Buffer.from('\n---\n')]))
  put(daemon, 'huge/SKILL.md', `${skillText('huge')}${'x'.repeat(300_000)}`)
  put(daemon, 'none/README.md', 'No skill.')
  put(daemon, 'twin/SKILL.md', skillText('twin'))
  put(daemon, 'Twin/SKILL.md', skillText('Twin'))
  put(daemon, 'big/SKILL.md', skillText('big'))
  mkdirSync(path.join(daemon.skills, 'pipe'))
  execFileSync('mkfifo', [path.join(daemon.skills, 'pipe', 'SKILL.md')])
  put(daemon, 'big/assets/big.bin', Buffer.alloc(1024 * 1024 + 1))
  const { items } = await client.skills.list({})
  const why = Object.fromEntries(items.map(({ name, faults }) => [name, faults.map(({ path: file, message }) => `${file}: ${message}`).join(' ')]))
  expect(why).toEqual({
    big: '',
    good: 'out.txt: This is a link that leads out of the folder, and is not followed.',
    huge: expect.stringContaining('at most 262144 are read'),
    latin: 'SKILL.md: The file is not UTF-8 text.',
    linked: expect.stringContaining('is a link, and is not followed'),
    none: expect.stringContaining('The folder has no SKILL.md'),
    pipe: expect.stringContaining('SKILL.md: '),
    through: expect.stringContaining('outside'),
    twin: '',
    Twin: expect.stringContaining('differ in case only'),
  })
  expect(JSON.stringify(items)).not.toContain('Does linked.')
  const refused = (name: string, file: string) =>
    client.skills.file({ name, path: file }).then(
      () => 'read',
      (error: { code: string }) => error.code,
    )
  expect(await refused('good', 'in.md')).toBe('read')
  expect(await refused('good', 'out.txt')).toBe('unprocessable')
  expect(await refused('good', '../twin/SKILL.md')).toBe('unprocessable')
  expect(await refused('good', '/etc/passwd')).toBe('invalid')
  expect(await refused('linked', 'secret.txt')).toBe('unprocessable')
  expect(await refused('through', 'SKILL.md')).toBe('unprocessable')
  expect(await refused('big', 'assets/big.bin')).toBe('too_large')
  expect(await refused('../outside', 'secret.txt')).toBe('invalid')
  expect(await refused('.trash', 'x')).toBe('invalid')
  await expect(client.skills.update({ name: 'pipe', etag: '0'.repeat(64), text: skillText('pipe') })).rejects.toMatchObject({ code: 'conflict' })
  put(daemon, 'UPPER/SKILL.md', skillText('UPPER'))
  await expect(client.skills.create({ name: 'upper', description: 'x' })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('differs from upper in case only'),
  })
  for (const name of ['../x', 'A', 'a--b', '-a', 'a-', 'ä', 'a'.repeat(65), '', '.x'])
    await expect(client.skills.create({ name, description: 'x' }), name).rejects.toMatchObject({ code: 'invalid' })
})
test('skills are found by their words, tags count, and lists go by pages', async () => {
  await using daemon = await startDaemon()
  const { client } = daemon
  await client.skills.create({ name: 'pdf-forms', description: 'Fills forms.', tags: ['documents', 'pdf'], body: 'Take the form apart.' })
  await client.skills.create({ name: 'letters', description: 'Writes letters.', tags: ['documents'], body: 'A letter may hold a form.' })
  await client.skills.create({ name: 'music', description: 'Plays music.' })
  const found = async (query: string) => (await client.skills.search({ query })).items.map(({ name }) => name)
  expect(await found('filling a form')).toEqual(['pdf-forms', 'letters'])
  expect(await found('documents')).toEqual(expect.arrayContaining(['pdf-forms', 'letters']))
  expect(await found('the of')).toEqual([])
  expect((await client.skills.tags({})).items).toEqual([
    { tag: 'documents', skills: 2 },
    { tag: 'pdf', skills: 1 },
  ])
  expect((await client.skills.list({ tag: 'documents' })).items.map(({ name }) => name)).toEqual(['letters', 'pdf-forms'])
  expect((await client.skills.list({ query: 'MUSIC' })).items.map(({ name }) => name)).toEqual(['music'])
  const names: string[] = []
  for (let cursor: string | undefined; ;) {
    const page = await client.skills.list({ limit: 1, ...(cursor === undefined ? {} : { cursor }) })
    names.push(...page.items.map(({ name }) => name))
    if (page.nextCursor === null) break
    cursor = page.nextCursor
  }
  expect(names).toEqual(['letters', 'music', 'pdf-forms'])
})
test('what happened to skills while Steward was stopped is told at the next start, once', async () => {
  await using first = await startDaemon()
  await first.client.skills.create({ name: 'stays', description: 'Stays.' })
  await first.client.skills.create({ name: 'goes', description: 'Goes.' })
  await first.stop()
  rmSync(path.join(first.skills, 'goes'), { recursive: true })
  put(first, 'comes/SKILL.md', skillText('comes'))
  const second = await first.restart()
  expect((await second.client.skills.list({})).items.map(({ name }) => name)).toEqual(['comes', 'stays'])
  const all = ['skill.changed stays', 'skill.changed goes', 'skill.changed comes', 'skill.removed goes']
  await expect.poll(() => told(second)).toEqual(all)
  const third = await second.restart()
  expect((await third.client.skills.list({})).items).toHaveLength(2)
  expect(await told(third)).toEqual(all)
  await third.stop()
})
test('a call that is made twice under one key makes one skill and one event', async () => {
  await using daemon = await startDaemon()
  const body = { name: 'once', description: 'Is made once.' }
  const make = () => daemon.ask('POST', '/v1/skills', body, { 'idempotency-key': 'k1' })
  const [one, two] = [await make(), await make()]
  expect([one.status, two.status]).toEqual([201, 201])
  expect(two.body).toEqual(one.body)
  expect(await told(daemon)).toEqual(['skill.changed once'])
  expect(readdirSync(path.join(daemon.skills, '.stage'))).toEqual([])
  expect((await daemon.ask('POST', '/v1/skills', body)).status).toBe(409)
  expect(readdirSync(path.join(daemon.skills, '.stage'))).toEqual([])
})
test('a skills path inside Steward’s own data is refused in words', async () => {
  await using daemon = await startDaemon()
  const own = await daemon.restart({ env: { STEWARD_SKILLS_PATH: path.join(daemon.home, 'skills') } })
  await expect(own.client.skills.list({})).rejects.toMatchObject({ code: 'unprocessable', message: expect.stringContaining('own data folder') })
  await own.stop()
})
