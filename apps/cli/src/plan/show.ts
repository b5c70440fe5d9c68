import type { Answer } from '@steward/contract'
import type { Operations, Outcome, Plan } from '@steward/contract/daemon'
import type { Io } from '../io.ts'
import { clean, oneLine } from '../output/clean.ts'
import { styleFor, type Style } from '../output/style.ts'
import { table } from '../output/table.ts'
import { shown } from '../output/values.ts'

export type Planned = Answer<Operations['plans.create']>
const mostLines = 400
type Fields = Readonly<Record<string, unknown>>
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const inputsInBrief = (inputs: Fields) =>
  Object.entries(inputs)
    .map(([name, value]) => `${name}=${shown(name, value)}`)
    .join(' ')

/** A plan as a person judges it: what was understood, and each call that would be made; or what is asked back. */
export function planText({ intent, plan, confidence, clarification, planner }: Planned, columns: number, style: Style): string {
  const head = `${style.bold(oneLine(intent))}  ${style.dim(`confidence ${Math.round(confidence * 100)} %, by ${oneLine(planner)}`)}`
  const steps = plan.steps.length === 0 ? '' : table(plan.steps.map(rowOf), columns)
  return [head, steps, clarification === undefined ? '' : style.yellow(clean(clarification))].filter(Boolean).join('\n')
}
const rowOf = ({ id, toolId, inputs, dependsOn }: Plan['steps'][number]) => ({
  step: id,
  tool: toolId,
  inputs: inputsInBrief(inputs),
  after: (dependsOn ?? []).join(', '),
})
/** Shows an outcome at a terminal: outputs on stdout, the rest on stderr. */
export function showOutcome({ id, status, outputs, errors = [], dryRun }: Outcome, { stdout, stderr }: Io): void {
  const style = styleFor(stderr)
  if (dryRun) {
    const rows = dryRun.map(({ stepId, toolId, inputs, decision, reason }) => ({
      step: stepId,
      tool: toolId,
      decision,
      inputs: isFields(inputs) ? inputsInBrief(inputs) : 'known later',
      reason,
    }))
    return void stdout.write(`${table(rows, stdout.columns || 100)}\n`)
  }
  if (outputs !== undefined && outputs !== null) {
    const lines = linesOf(outputs, '')
    stdout.write(`${lines.slice(0, mostLines).join('\n')}\n`)
    if (lines.length > mostLines) stderr.write(style.dim(`… ${lines.length - mostLines} more lines: steward executions get ${id} --json\n`))
  }
  for (const { stepId, message } of errors) stderr.write(`${style.red(clean(stepId === undefined ? message : `${stepId}: ${message}`))}\n`)
  const colour = status === 'completed' ? style.green : status === 'waiting' || status === 'queued' || status === 'running' ? style.yellow : style.red
  stderr.write(`${colour(status)}${id === null ? '' : style.dim(`  ${id}`)}\n`)
}
/** JSON as indented lines; texts stand as they are, without what could drive the terminal. */
function linesOf(value: unknown, indent: string): string[] {
  if (isFields(value))
    return Object.entries(value).flatMap(([name, inner]) =>
      isShort(inner)
        ? [`${indent}${oneLine(name)}: ${shown(name, inner)}`.trimEnd()]
        : [`${indent}${oneLine(name)}:`, ...linesOf(inner, `${indent}  `)],
    )
  if (Array.isArray(value) && !value.some(isFields)) return [`${indent}${shown('', value)}`]
  if (Array.isArray(value)) return value.flatMap((item) => [`${indent}-`, ...linesOf(item, `${indent}  `)])
  return (typeof value === 'string' ? clean(value).trimEnd() : shown('', value)).split('\n').map((line) => indent + line)
}
const isShort = (value: unknown) => (typeof value === 'string' ? !value.trimEnd().includes('\n') : typeof value !== 'object' || value === null)
