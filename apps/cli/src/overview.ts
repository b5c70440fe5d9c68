import type { Style } from './output/style.ts'

const shared: readonly [string, string][] = [
  ['steward start', 'start the daemon in the background and open its console'],
  ['steward run "what is in this folder?"', 'one piece of work, here, in this folder'],
  ['steward chat', 'a conversation in the terminal'],
  ['steward status', 'how the daemon does'],
  ['steward logs -f', 'what it says, as it says it'],
  ['steward stop', 'stop it; runs are taken up at the next start'],
  ['steward backup create|verify|restore', 'copies of all data'],
  ['steward gateway', 'serve HTTP in a process of its own, before the daemon'],
  ['steward relay start', 'a relay, over which phones and browsers reach their machines'],
  ['steward mcp install claude|codex|cursor|vscode', 'let another agent use Steward'],
  ['steward completion bash|zsh|fish', 'complete commands with Tab'],
]
/** A summary in the manner of the lines above: its first part, without a capital. */
const inBrief = (summary: string) => (summary.split(/[.:;]/, 1)[0] ?? summary).replace(/^[A-Z]/, (letter) => letter.toLowerCase())

/** What `steward` alone says: the first steps, and the nouns. */
export function overview(
  nouns: ReadonlyMap<string, readonly string[]>,
  shortNames: readonly (readonly [usage: string, about: string])[],
  style: Style,
): string {
  const first = [...shared, ...shortNames.map(([usage, about]) => [usage, inBrief(about)] as const)]
  const width = Math.max(...first.map(([command]) => command.length))
  const nounWidth = Math.max(...[...nouns.keys()].map((noun) => noun.length))
  return `${style.bold('Steward')}: AI agents on your own machine.

${first.map(([command, about]) => `  ${command.padEnd(width)}  ${style.dim(about)}`).join('\n')}

Everything else is ${style.bold('steward <noun> <verb>')}:

${[...nouns].map(([noun, verbs]) => `  ${noun.padEnd(nounWidth)}  ${style.dim(verbs.join(', '))}`).join('\n')}

Add --help to any of them.
`
}
