/** Rows 9, 10 and 19: workflows are kept, versioned, checked and deleted. */
import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestDaemon } from '../kit.ts'
import { asToken, createStandIn, ended, execute, historyOf, saved, startBench, type StandIn } from '../work.ts'

let service: StandIn
let daemon: TestDaemon
beforeAll(async () => {
  service = await createStandIn()
  daemon = await startBench(service)
})
afterAll(async () => {
  await daemon[Symbol.asyncDispose]()
  await service[Symbol.asyncDispose]()
})
const tell = (id: string, text = id, more: object = {}) => ({ id, toolId: 'bench.tell', inputs: { text }, ...more })
const reading = { name: 'Reading', permissions: ['bench:use'], steps: [tell('a')] }
const all = async () => (await daemon.ask('GET', '/v1/workflows')).body.items

test('a workflow is created, changed under its id into the next version, and both are there after a restart', async () => {
  const sent = { ...reading, description: 'Tells.', inputs: { type: 'object', properties: { who: { type: 'string' } } } }
  const made = await daemon.ask('POST', '/workflows', sent)
  expect(made).toMatchObject({ status: 201, body: { ...sent, id: expect.stringMatching(/^wfl_/), version: 1, createdBy: 'owner' } })
  const { id } = made.body
  expect(await daemon.ask('GET', `/v1/workflows/${id}`)).toEqual({ status: 200, body: made.body })
  const next = await daemon.ask('POST', '/workflows', { ...reading, id, name: 'Renamed', steps: [tell('a'), tell('b', '{{steps.a.outputs.text}}')] })
  expect(next).toMatchObject({ status: 200, body: { id, version: 2, name: 'Renamed', createdAt: made.body.createdAt } })
  expect((await daemon.ask('GET', `/v1/workflows/${id}/versions`)).body.items).toEqual([next.body, made.body])
  expect((await daemon.ask('GET', '/workflows')).body).toEqual({ items: [next.body], nextCursor: null })
  daemon = await daemon.restart()
  expect(await all()).toEqual([next.body])
  expect((await daemon.ask('GET', `/v1/workflows/${id}?version=1`)).body).toEqual(made.body)
  expect(await execute(daemon, { workflowId: id })).toMatchObject({ status: 'completed', outputs: { a: { text: 'a' }, b: { text: 'a' } } })
  expect(await historyOf(daemon, `?workflowId=${id}`)).toMatchObject([{ workflowId: id, toolId: null, planId: null, status: 'completed' }])
})
test('a workflow goes through YAML and comes back the same', async () => {
  const id = await saved(daemon, [tell('a', 'yes'), tell('b', 'no: "quoted" {{steps.a.outputs.text}}')], { name: 'By file' })
  const yaml = await (await daemon.fetch(`/v1/workflows/${id}/yaml`)).text()
  await daemon.ask('DELETE', `/v1/workflows/${id}`)
  const response = await daemon.fetch('/v1/workflows/yaml', {
    method: 'POST',
    headers: { 'content-type': 'application/yaml' },
    body: yaml.replace(/^id:.*\n/m, ''),
  })
  expect(response.status).toBe(201)
  const back = (await response.json()) as { id: string }
  expect(back).toMatchObject({ name: 'By file', version: 1, steps: [{ id: 'a' }, { inputs: { text: 'no: "quoted" {{steps.a.outputs.text}}' } }] })
  expect(await execute(daemon, { workflowId: back.id })).toMatchObject({ status: 'completed', outputs: { b: { text: 'no: "quoted" yes' } } })
})
test.each<[string, object, RegExp]>([
  ['two steps of one id', { steps: [tell('a'), tell('a')] }, /steps\[1\]/],
  ['a tool that is not there', { steps: [{ id: 'a', toolId: 'bench.nothing', inputs: {} }] }, /bench\.nothing/],
  ['a workflow that is not there', { steps: [{ id: 'a', workflowId: 'wfl_none', inputs: {} }] }, /wfl_none/],
  ['a step that is neither', { steps: [{ id: 'a', inputs: {} }] }, /toolId/],
  ['a step that is both', { steps: [{ ...tell('a'), workflowId: 'wfl_none' }] }, /toolId/],
  ['a reference to a step that is not there', { steps: [tell('a', '{{steps.b.outputs.text}}')] }, /\bb\b/],
  ['a reference to itself', { steps: [tell('a', '{{steps.a.outputs.text}}')] }, /itself/],
  ['a cycle', { steps: [tell('a', 'a', { dependsOn: ['b'] }), tell('b', 'b', { dependsOn: ['a'] })] }, /each other|cycle|circle/i],
  ['a template that cannot be read', { steps: [tell('a', '{{ nonsense( }}')] }, /steps\[0\]\.inputs\.text/],
  ['an output that the tool does not give', { steps: [{ id: 'l', toolId: 'bench.list' }, tell('b', '{{steps.l.outputs.itmes}}')] }, /itmes/],
  ['an input that the tool does not take', { steps: [{ id: 'a', toolId: 'bench.tell', inputs: { txet: 'x' } }] }, /txet|text/],
  ['a goto that leads nowhere', { steps: [tell('a', 'a', { onError: { goto: 'z' } })] }, /\bz\b/],
  ['a tool beyond its permissions', { steps: [tell('a')], permissions: ['files:read'] }, /bench:use/],
  ['an inputs schema that is none', { steps: [tell('a')], inputs: { type: 'objekt' } }, /inputs/],
])('a workflow with %s is refused with 422, the place, and no trace', async (_, wrong, words) => {
  const before = await all()
  const { status, body } = await daemon.ask('POST', '/v1/workflows', { ...reading, ...wrong })
  expect({ status, body }).toMatchObject({ status: 422, body: { error: { code: 'unprocessable' } } })
  expect(JSON.stringify([body.error.message, body.error.details])).toMatch(words)
  expect(await all()).toEqual(before)
})
test('a refused change leaves the workflow as it was', async () => {
  const id = await saved(daemon, [tell('a')])
  const { status } = await daemon.ask('POST', '/v1/workflows', { ...reading, id, steps: [tell('a', '{{steps.z.outputs}}')] })
  expect([status, (await daemon.ask('GET', `/v1/workflows/${id}`)).body.version]).toEqual([422, 1])
})
test('a workflow cannot be made to lead back into itself', async () => {
  const inner = await saved(daemon, [tell('a')])
  const outer = await saved(daemon, [{ id: 'in', workflowId: inner }])
  for (const target of [inner, outer]) {
    const { status, body } = await daemon.ask('POST', '/v1/workflows', {
      ...reading,
      permissions: ['*'],
      id: inner,
      steps: [{ id: 'x', workflowId: target }],
    })
    expect({ status, body }).toMatchObject({ status: 422, body: { error: { message: expect.stringContaining('steps[0]') } } })
  }
})
test('ids that are none are not found, over every verb, and no file is made or taken', async () => {
  const before = readdirSync(daemon.home, { recursive: true }).length
  const raw = (method: string, at: string) =>
    new Promise<number>((resolve, reject) => {
      // `fetch` would resolve the dots itself.
      const sent = request(
        { host: '127.0.0.1', port: new URL(daemon.url).port, path: at, method, headers: { authorization: `Bearer ${daemon.token}` } },
        (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
        },
      )
      sent.on('error', reject)
      sent.end()
    })
  for (const id of ['..%2Fx', '../x', '..%2f..%2fagents.db', '%2Fetc%2Fpasswd', 'a%00b', 'wfl_none'])
    for (const method of ['GET', 'DELETE'])
      expect([method, id, [400, 404].includes(await raw(method, `/v1/workflows/${id}`))]).toEqual([method, id, true])
  expect((await daemon.ask('POST', '/v1/workflows', { ...reading, id: '../x' })).status).toBe(404)
  expect((await daemon.ask('POST', '/v1/workflows', { ...reading, id: 'wfl_none' })).status).toBe(404)
  expect(readdirSync(daemon.home, { recursive: true })).toHaveLength(before)
})
test('a deleted workflow is gone, versions and all; a run of it goes on to its end', async () => {
  const gate = Promise.withResolvers<void>()
  service.answer = async ({ body }) => {
    if (body?.text === 'first') await gate.promise
    return { text: body?.text }
  }
  const id = await saved(daemon, [tell('first'), tell('second', '{{steps.first.outputs.text}} then second')])
  const from = service.requests.length
  const started = await execute(daemon, { workflowId: id, waitMs: 0 })
  await service.waitFor(from + 1)
  expect((await daemon.ask('DELETE', `/v1/workflows/${id}`)).status).toBe(204)
  for (const at of ['', '/versions', '/yaml', '/diff']) expect((await daemon.ask('GET', `/v1/workflows/${id}${at}`)).status).toBe(404)
  expect((await daemon.ask('DELETE', `/v1/workflows/${id}`)).status).toBe(404)
  expect((await daemon.ask('POST', '/v1/execute', { workflowId: id })).status).toBe(404)
  gate.resolve()
  expect(await ended(daemon, started.id)).toMatchObject({ status: 'completed', workflowId: id, outputs: { second: { text: 'first then second' } } })
})
test('a run keeps the version that it was started with', async () => {
  const gate = Promise.withResolvers<void>()
  service.answer = ({ body }) => gate.promise.then(() => ({ text: body?.text }))
  const id = await saved(daemon, [tell('a', 'old'), tell('b', 'old', { dependsOn: ['a'] })])
  const from = service.requests.length
  const started = await execute(daemon, { workflowId: id, waitMs: 0 })
  await service.waitFor(from + 1)
  await daemon.ask('POST', '/v1/workflows', { ...reading, id, steps: [tell('a', 'new')] })
  gate.resolve()
  expect(await ended(daemon, started.id)).toMatchObject({ status: 'completed', workflowVersion: 1, outputs: { b: { text: 'old' } } })
  expect(await execute(daemon, { workflowId: id })).toMatchObject({ outputs: { a: { text: 'new' } } })
})

describe('who may do what', () => {
  test('without the scope nothing of workflows is seen or changed', async () => {
    const id = await saved(daemon, [tell('a')])
    const weak = await asToken(daemon, ['history:read'])
    for (const [method, at, body] of [
      ['GET', '/v1/workflows', undefined],
      ['GET', `/v1/workflows/${id}`, undefined],
      ['DELETE', `/v1/workflows/${id}`, undefined],
      ['POST', '/v1/workflows', reading],
      ['POST', `/v1/workflows/${id}/runs`, {}],
    ] as const)
      expect([method, at, (await weak.ask(method, at, body)).status]).toEqual([method, at, 403])
    expect((await daemon.ask('GET', `/v1/workflows/${id}`)).body.version).toBe(1)
  })
  test('nobody can save a workflow that declares more than they hold', async () => {
    const { ask } = await asToken(daemon, ['workflows:*', 'files:read'])
    for (const permissions of [['*'], ['bench:use'], ['shell:*']]) {
      const { status, body } = await ask('POST', '/v1/workflows', { ...reading, permissions })
      expect([403, 422], JSON.stringify(body)).toContain(status)
    }
  })
})
