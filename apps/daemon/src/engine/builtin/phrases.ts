import type { Property } from './schema.ts'
import type { PlannerTool } from './types.ts'

const SHOWN = 8
const shorten = (text: string): string => (text.length > 120 ? `${text.slice(0, 117)}...` : text)
const sentence = (text: string): string =>
  text
    .trim()
    .split(/(?<=[.!?])\s/)[0]
    ?.replace(/[.]$/, '') ?? ''

/** What these tools can be asked for: an example of each app, then the number left out. */
export function capabilities(tools: readonly PlannerTool[]): string {
  const said = new Map<string, string>()
  for (const tool of tools) {
    const app = tool.id.split('.')[0] ?? tool.id
    const example = tool.examples[0] ?? sentence(tool.description)
    if (!said.has(app) && example) said.set(app, shorten(example))
  }
  if (said.size === 0) return 'No tools are allowed here, so there is nothing I can do.'
  const listed = [...said.values()].slice(0, SHOWN).map((example) => `- ${example}`)
  const rest = tools.length - listed.length
  return `You can ask me, for example:\n${listed.join('\n')}${rest > 0 ? `\n(and ${rest} more tools)` : ''}`
}
/** What the planner is, what it can do, and how to get a language model. */
export const introduction = (tools: readonly PlannerTool[]): string =>
  `I am Steward's built-in planner, not a language model: I match your words against the tools that are installed, run them, and show what they give.\n\n${capabilities(tools)}\n\n` +
  'For free conversation add the key of a model provider: set `ANTHROPIC_API_KEY` or `OPENAI_API_KEY` before Steward starts, or store a key in its settings, and choose that model.'
/** A request that no tool's words fit. */
export const unknown = (line: string, tools: readonly PlannerTool[]): string =>
  `I did not understand "${shorten(line)}" well enough to act on it. What should I do? ${capabilities(tools)}`
/** A deed that no installed tool does. */
export const impossible = (line: string, tools: readonly PlannerTool[]): string =>
  `I cannot do that ("${shorten(line)}"): none of the tools I may use does it. What should I do instead? ${capabilities(tools)}`
/** A request that two tools fit, or that one fits only nearly. */
export function ambiguous(line: string, choices: readonly PlannerTool[]): string {
  const options = choices.map((tool) => `${tool.id} (${shorten(sentence(tool.description))})`).join(' or ')
  return `Which do you mean by "${shorten(line)}": ${options}? Name the app with @, for example @${choices[0]?.id.split('.')[0] ?? 'app'}, or say it more fully.`
}
/** A request that names its tool and not all that the tool needs. */
export function missingInput(tool: PlannerTool, missing: readonly Property[]): string {
  const parts = missing.map((property) => (property.description ? `${property.name} (${shorten(sentence(property.description))})` : property.name))
  return `To use ${tool.id} I need ${parts.join(' and ')}. Please say it in full, with texts in quotes${tool.examples[0] ? `, for example: ${tool.examples[0]}` : ''}.`
}
