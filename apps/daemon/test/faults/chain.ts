import { answerOf, valueOf } from './effects.ts'

/** One step of a workflow as it is sent. */
interface Sent {
  readonly id: string
  readonly toolId?: string
  readonly workflowId?: string
  readonly inputs: Record<string, string>
  readonly [more: string]: unknown
}
const runInputs = { type: 'object', properties: { run: { type: 'string' } }, required: ['run'] }
/** A workflow that is a step of another: an effect, and a command that reads what it gave. */
export const innerWorkflow = {
  name: 'inner',
  inputs: { type: 'object', properties: { name: { type: 'string' }, given: { type: 'string' } }, required: ['name', 'given'] },
  permissions: ['effects:use', 'marks:use'],
  steps: [
    { id: 'one', toolId: 'effects.act', inputs: { step: '{{inputs.name}}/one', given: '{{inputs.given}}' } },
    { id: 'two', toolId: 'marks.append', inputs: { step: '{{inputs.name}}/two', given: '{{steps.one.outputs.value}}' } },
  ],
}
/** Whether a block of the chain writes a file, which a person must allow. */
const asks = (block: number) => block % 4 === 1
const stepsOfBlock = 10
/** A block: a command on what was fetched, then six branches at once (one a loop, one a workflow), then all of it in one. */
function blockOf(block: number, innerId: string): Sent[] {
  const name = (step: string) => `b${block}_${step}`
  const of = (step: string, more = '.value') => `{{steps.${name(step)}.outputs${more}}}`
  const does = (step: string, toolId: string, given: string, more: object = {}): Sent => ({
    id: name(step),
    toolId,
    inputs: { step: `{{inputs.run}}/${name(step)}`, given },
    ...more,
  })
  const again = { retry: { max: 20, backoffMs: 5 } }
  const beforeIt = block === 0 ? '{{inputs.run}}' : `{{steps.b${block - 1}_sum.outputs.value}}`
  const loop = { forEach: { in: `{{steps.${name('get')}.outputs.items}}`, limit: 10 } }
  const all = [of('left'), of('right', ''), of('once'), `{{steps.${name('each')}.outputs | map: 'value' | join: ','}}`, of('flaky')]
  return [
    does('get', 'effects.act', beforeIt),
    does('cmd', 'marks.append', of('get')),
    does('left', 'effects.act', of('cmd', '')),
    does('right', 'marks.append', of('cmd', '')),
    does('once', 'effects.once', of('cmd', '')),
    {
      ...does('each', 'effects.act', `{{item}}-${of('cmd', '')}`, loop),
      inputs: { step: `{{inputs.run}}/${name('each')}[{{index}}]`, given: `{{item}}-${of('cmd', '')}` },
    },
    does('flaky', block % 2 === 0 ? 'effects.flaky' : 'effects.late', of('left'), again),
    { id: name('inner'), workflowId: innerId, inputs: { name: `{{inputs.run}}/${name('inner')}`, given: of('left') } },
    asks(block)
      ? { id: name('file'), toolId: 'files.write', inputs: { path: `{{inputs.run}}-${block}.txt`, content: of('left') } }
      : does('skip', 'effects.act', of('cmd', ''), { if: `${of('cmd', '').slice(2, -2)} == 'never'` }),
    does('sum', 'effects.act', [...all, of('inner', '.two')].join(','), { dependsOn: [name(asks(block) ? 'file' : 'skip')] }),
  ]
}
/** A workflow of `10 * blocks` steps, each block reading what the one before it gave. */
export const chainWorkflow = (blocks: number, innerId: string) => ({
  name: 'chain',
  inputs: runInputs,
  permissions: ['effects:use', 'marks:use', 'files:write'],
  steps: Array.from({ length: blocks }, (_, block) => blockOf(block, innerId)).flat(),
})
export const stepsOfChain = (blocks: number) => blocks * stepsOfBlock

/** What a run of a chain must have come to. */
export interface Expected {
  /** By step of the workflow; what files.write gives is not among it. */
  readonly outputs: Readonly<Record<string, unknown>>
  /** Steps with their run before them, each exactly once. */
  readonly effects: readonly string[]
  readonly marks: readonly string[]
  /** Name and content. */
  readonly files: readonly (readonly [string, string])[]
}
export function expectedOf(blocks: number, run: string): Expected {
  const outputs: Record<string, unknown> = {}
  const effects: string[] = []
  const marks: string[] = []
  const files: [string, string][] = []
  const act = (step: string, given: string) => {
    effects.push(`${run}/${step}`)
    return answerOf(`${run}/${step}`, given)
  }
  const command = (step: string, given: string) => {
    marks.push(`${run}/${step}`)
    return valueOf(`${run}/${step}`, given)
  }
  let before = run
  for (let block = 0; block < blocks; block++) {
    const at = (step: string) => `b${block}_${step}`
    const get = act(at('get'), before)
    const cmd = command(at('cmd'), get.value)
    const left = act(at('left'), cmd)
    const right = command(at('right'), cmd)
    const once = act(at('once'), cmd)
    const each = get.items.map((item, index) => act(`${at('each')}[${index}]`, `${item}-${cmd}`))
    const flaky = act(at('flaky'), left.value)
    const one = act(`${at('inner')}/one`, left.value)
    const inner = { one, two: command(`${at('inner')}/two`, one.value) }
    if (asks(block)) files.push([`${run}-${block}.txt`, left.value])
    const given = [left.value, right, once.value, each.map(({ value }) => value).join(','), flaky.value, inner.two].join(',')
    const sum = act(at('sum'), given)
    before = sum.value
    for (const [step, value] of Object.entries({ get, cmd, left, right, once, each, flaky, inner, sum })) outputs[at(step)] = value
  }
  return { outputs, effects, marks, files }
}
