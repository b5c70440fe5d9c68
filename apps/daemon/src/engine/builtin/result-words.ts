import type { PlanStep } from './types.ts'

/** A tool's result under a line that says what was done. A flat JSON object becomes one line for each of its values. */
export function resultWords(step: PlanStep, text: string): string {
  const said = text.trim()
  const inputs = Object.entries(step.inputs)
    .filter(([, value]) => typeof value === 'string' || typeof value === 'number')
    .map(([name, value]) => `${name} ${String(value).length > 60 ? `${String(value).slice(0, 57)}...` : String(value)}`)
  const deed = `${step.toolId}${inputs.length > 0 ? ` (${inputs.join(', ').replaceAll('\n', ' ')})` : ''}`
  if (said === '') return `${deed}: done, nothing to show.`
  const flat = flatLines(said)
  if (flat) return `${deed}:\n${flat}`
  return said.includes('\n') || said.length > 200 ? `${deed}:\n\n${fenced(said)}` : `${deed}: ${said}`
}
function flatLines(text: string): string | null {
  if (!text.startsWith('{')) return null
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return null
    const entries = Object.entries(value)
    if (entries.length === 0 || entries.some(([, one]) => typeof one === 'object' && one !== null)) return null
    return entries.map(([key, one]) => `- ${key}: ${String(one)}`).join('\n')
  } catch {
    return null
  }
}
/** A fence longer than any in the text, so that the text cannot leave it. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`{3,}/g)].map((run) => run[0].length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${text.replace(/\n$/, '')}\n${fence}`
}
