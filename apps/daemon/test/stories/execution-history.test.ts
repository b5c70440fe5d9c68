/** Row 12: the history of executions, its order, pages, filters and export. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { TestDaemon } from '../kit.ts'
import { asToken, createStandIn, execute, saved, settle, startBench, type StandIn } from '../work.ts'

let service: StandIn
let daemon: TestDaemon
let tokenId: string
let workflowId: string
let planId: string
/** Ids by what became of them, in the order in which they were made. */
const made: [string, string][] = []
const page = async (query = '') => (await daemon.ask('GET', `/v1/history${query}`)).body
const ids = async (query = ''): Promise<string[]> => (await page(query)).items.map(({ id }: { id: string }) => id)
const newest = (...kinds: string[]) => made.flatMap(([kind, id]) => (kinds.includes(kind) ? [id] : [])).toReversed()

beforeAll(async () => {
  service = await createStandIn(({ body, query }) =>
    body?.text === 'fail' ? new Response('no', { status: 500 }) : { text: body?.text ?? query['text'] },
  )
  daemon = await startBench(service)
  const tell = (text: string) => ({ toolId: 'bench.tell', inputs: { text } })
  const noted = async (kind: string, outcome: Promise<any>) => void made.push([kind, (await outcome).id])
  await noted('read', execute(daemon, { toolId: 'files.list', inputs: {} }))
  await noted('told', execute(daemon, tell('one')))
  await noted('failed', execute(daemon, tell('fail')))
  await daemon.ask('POST', '/v1/execute', { toolId: 'bench.tell', inputs: {} })
  made.push(['invalid', (await ids('?status=failed'))[0]!])
  const weak = await asToken(daemon, ['executions:*', 'files:read'])
  tokenId = weak.id
  await weak.ask('POST', '/v1/execute', tell('forbidden'))
  made.push(['denied', (await ids('?status=denied'))[0]!])
  workflowId = await saved(daemon, [{ id: 'a', ...tell('in a workflow') }])
  await noted('workflow', execute(daemon, { workflowId }))
  const { body } = await daemon.ask('POST', '/v1/plan', { text: 'list the files here' })
  planId = body.plan.id
  await noted('plan', execute(daemon, { planId }))
  await daemon.client.permissions.add({ tool: 'bench.put', action: 'ask', level: 'global' })
  const asked = await execute(daemon, { toolId: 'bench.put', inputs: { text: 'x' } })
  await settle(daemon, asked.approvalId, 'reject')
  made.push(['rejected', asked.id])
  await noted('waiting', execute(daemon, { toolId: 'bench.put', inputs: { text: 'y' } }))
})
afterAll(async () => {
  await daemon[Symbol.asyncDispose]()
  await service[Symbol.asyncDispose]()
})

test('it lists every execution, the newest first, whatever became of it', async () => {
  expect(await ids()).toEqual(made.map(([, id]) => id).toReversed())
  const { items } = await page()
  expect(items.map(({ status }: { status: string }) => status)).toEqual([
    'waiting',
    'denied',
    'completed',
    'completed',
    'denied',
    'failed',
    'failed',
    'completed',
    'completed',
  ])
  const [waiting, rejected] = items
  expect(waiting).toMatchObject({ outputs: null, errors: null, finishedAt: null })
  expect(rejected).toMatchObject({ errors: [{ code: 'rejected' }], finishedAt: expect.stringMatching(/Z$/) })
})
test('pages of any size hold each execution once, also while new ones come', async () => {
  for (const limit of [1, 2, 4]) {
    const found: string[] = []
    let cursor = ''
    do {
      const { items, nextCursor } = await page(`?limit=${limit}${cursor}`)
      expect(items.length).toBeLessThanOrEqual(limit)
      found.push(...items.map(({ id }: { id: string }) => id))
      if (found.length === limit) made.push(['read', (await execute(daemon, { toolId: 'files.list', inputs: {} })).id])
      cursor = nextCursor === null ? '' : `&cursor=${nextCursor}`
    } while (cursor !== '')
    expect(found).toEqual(
      made
        .map(([, id]) => id)
        .toReversed()
        .slice(1),
    )
  }
})
test('it is filtered by tool, app, workflow, plan, status and caller, alone and together', async () => {
  expect(await ids('?toolId=bench.tell')).toEqual(newest('told', 'failed', 'invalid', 'denied'))
  expect(await ids('?appId=bench')).toEqual(newest('told', 'failed', 'invalid', 'denied', 'rejected', 'waiting'))
  expect(await ids(`?workflowId=${workflowId}`)).toEqual(newest('workflow'))
  expect(await ids(`?planId=${planId}`)).toEqual(newest('plan'))
  expect(await ids('?status=failed')).toEqual(newest('failed', 'invalid'))
  expect(await ids('?status=waiting')).toEqual(newest('waiting'))
  expect(await ids(`?caller=${tokenId}`)).toEqual(newest('denied'))
  expect(await ids('?toolId=bench.tell&status=completed&caller=owner')).toEqual(newest('told'))
  expect(await ids('?toolId=bench.nothing')).toEqual([])
})
test('times bound it, however precisely they are written', async () => {
  const { items } = await page()
  const at = items.find(({ id }: { id: string }) => id === newest('workflow')[0]).createdAt as string
  const second = `${at.slice(0, 19)}Z`
  const since = (time: string) => ids(`?since=${time}`)
  expect(await since(at)).toContain(newest('workflow')[0])
  expect(await since(second)).toContain(newest('workflow')[0])
  expect(await ids(`?until=${at}`)).not.toContain(newest('workflow')[0])
  expect(await ids(`?until=${second}`)).not.toContain(newest('workflow')[0])
  expect(await ids(`?since=${at}&until=${at}`)).toEqual([])
  expect(await since(new Date(Date.now() + 60_000).toISOString())).toEqual([])
  expect(await since('2020-01-01T00:00:00Z')).toHaveLength(items.length)
})
test.each(['?limit=0', '?limit=201', '?limit=many', '?status=done', '?cursor=nonsense', '?since=yesterday', '?toolId=../x', '?order=asc'])(
  'the query %s is refused in words',
  async (query) => {
    expect(await daemon.ask('GET', `/v1/history${query}`)).toMatchObject({ status: 400, body: { error: { code: 'invalid' } } })
  },
)
test('the export holds the same lines, filtered alike', async () => {
  const lines = async (query = '') => (await (await daemon.fetch(`/v1/history/export${query}`)).text()).split('\n').filter(Boolean)
  expect((await lines()).map((line) => JSON.parse(line))).toEqual((await page('?limit=200')).items)
  expect((await lines('?appId=bench')).map((line) => JSON.parse(line).id)).toEqual(await ids('?appId=bench'))
})
test('without the scope it is not shown, and one that is not there is not found', async () => {
  const weak = await asToken(daemon, ['executions:write', 'tools:read'])
  for (const route of ['/v1/history', '/history', '/v1/history/export', `/v1/executions/${made[0]![1]}`, `/v1/executions/${made[0]![1]}/steps`])
    expect([route, (await weak.ask('GET', route)).status]).toEqual([route, 403])
  for (const route of ['/v1/executions/exe_none', '/v1/executions/exe_none/steps', '/v1/executions/exe_none/outcome'])
    expect([route, (await daemon.ask('GET', route)).status]).toEqual([route, 404])
})
test('it survives a restart as it was', async () => {
  const before = await page('?limit=200')
  daemon = await daemon.restart()
  expect(await page('?limit=200')).toEqual(before)
})
