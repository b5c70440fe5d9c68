import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { Json } from '../types.ts'
import { makePlan } from './plan.ts'
import { evaluationTools } from './testing/tools.ts'
import type { PlanningTool } from './types.ts'

interface Manifest {
  readonly id: string
  readonly tools: readonly {
    id: string
    name: string
    description: string
    examples: string[]
    inputs: Json
    outputs?: Json
    http?: { method: string }
  }[]
}
const manifest = JSON.parse(await readFile(new URL('../../../apps/spotify.app.json', import.meta.url), 'utf8')) as Manifest
const spotify = manifest.tools.map((tool): PlanningTool => ({
  id: `${manifest.id}.${tool.id}`,
  appId: manifest.id,
  name: `${manifest.id}_${tool.id}`,
  title: tool.name,
  description: tool.description,
  examples: tool.examples,
  risk: tool.http?.method === 'GET' ? 'network' : 'write',
  inputsSchema: tool.inputs,
  ...(tool.outputs === undefined ? {} : { outputsSchema: tool.outputs }),
  permissions: ['app:use'],
}))
const tools = [...evaluationTools().filter(({ appId }) => appId !== 'spotify'), ...spotify]
const planned = (text: string) => makePlan({ text, tools, model: null, now: 0 }, new AbortController().signal)

test('"Play my focus playlist" plans the shipped app’s playlist with its address, without a model', async () => {
  expect(await planned('Play my focus playlist')).toMatchObject({
    steps: [{ appId: 'spotify', toolId: 'spotify.playPlaylist', inputs: { uri: 'spotify:playlist:37i9dQZF1DWZeKCadgRdKQ' } }],
    planner: 'builtin',
  })
})
test.each(manifest.tools.flatMap((tool) => tool.examples.map((example) => [example, `spotify.${tool.id}`] as const)))(
  'an example of the shipped app is understood, or asked about, and never taken for another tool: %s',
  async (example, id) => {
    const { steps } = await planned(example)
    expect(steps.map(({ toolId }) => toolId).filter((toolId) => toolId !== id)).toEqual([])
  },
)
test('an address in the request is taken as it is', async () => {
  const uri = 'spotify:album:4aawyAB9vmqN3uQ7FjRGTy'
  expect((await planned(`play ${uri}`)).steps).toMatchObject([{ toolId: 'spotify.playPlaylist', inputs: { uri } }])
})
