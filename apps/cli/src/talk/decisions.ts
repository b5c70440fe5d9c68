import type { Approval, Question } from '@steward/contract/daemon'
import { clean, oneLine } from '../output/clean.ts'
import type { Style } from '../output/style.ts'
import type { Asker } from './asker.ts'

export type Decision = { readonly decision: 'approve' | 'reject'; readonly scope: 'once' | 'session' | 'always'; readonly reason?: string }
const yes = (scope: Decision['scope']): Decision => ({ decision: 'approve', scope })
const byLetter: Readonly<Record<string, Decision>> = {
  y: yes('once'),
  yes: yes('once'),
  s: yes('session'),
  session: yes('session'),
  a: yes('always'),
  always: yes('always'),
}

/** What would happen, as the person needs it to decide: the tool, the change or command itself, and why it is asked. */
export function approvalText({ toolId, reason, preview, input, suggested }: Approval, style: Style): string {
  const { diff, summary } = (typeof preview === 'object' && preview !== null && !Array.isArray(preview) ? preview : {}) as {
    diff?: unknown
    summary?: unknown
  }
  const what =
    typeof diff === 'string' && diff !== ''
      ? coloured(clean(diff).trimEnd(), style)
      : typeof summary === 'string'
        ? clean(summary)
        : clean(JSON.stringify(input, null, 2))
  return [
    `${style.yellow('Approval needed')}: ${style.bold(toolId)}`,
    typeof diff === 'string' && diff !== '' && typeof summary === 'string' ? clean(summary) : '',
    what,
    style.dim(oneLine(reason)),
    suggested === null ? '' : style.dim(`always would allow: ${oneLine(JSON.stringify(suggested))}`),
  ]
    .filter(Boolean)
    .join('\n')
}
const coloured = (diff: string, style: Style): string =>
  diff
    .split('\n')
    .map((line) => (/^\+(?!\+\+ )/.test(line) ? style.green(line) : /^-(?!-- )/.test(line) ? style.red(line) : line))
    .join('\n')

/** Asks until there is a decision; undefined when the person leaves or it was settled elsewhere. Nothing typed before the question counts. */
export async function askApproval(
  asker: Asker,
  write: (text: string) => void,
  approval: Approval,
  style: Style,
  signal: AbortSignal,
): Promise<Decision | undefined> {
  write(`${approvalText(approval, style)}\n`)
  // An execution has no session, and nobody in it who reads a reason.
  const [prompt, why] =
    approval.sessionId === null
      ? ['[y]es once, [a]lways, [n]o: ', 'Why not? (kept with it; Enter for none) ']
      : ['[y]es once, [s]ession, [a]lways, [n]o: ', 'Why not? (the agent reads it; Enter for none) ']
  for (;;) {
    const line = await asker.ask(prompt, { signal, fresh: true })
    if (line === undefined) return undefined
    const [word = '', ...rest] = line.trim().split(/\s+/)
    const decision = byLetter[word.toLowerCase()]
    if (decision && rest.length === 0 && (decision.scope !== 'session' || approval.sessionId !== null)) return decision
    if (!/^no?$/i.test(word)) continue
    const reason = rest.join(' ') || (await asker.ask(why, { signal }))?.trim()
    return { decision: 'reject', scope: 'once', ...(reason ? { reason } : {}) }
  }
}
/** Asks every item of a question. Options are chosen by number, several with commas; any other text is an answer of one's own. Undefined when the person leaves. */
export async function askQuestion(
  asker: Asker,
  write: (text: string) => void,
  question: Question,
  style: Style,
  signal: AbortSignal,
): Promise<Record<string, string | string[]> | undefined> {
  const answers: [string, string | string[]][] = []
  for (const item of question.items) {
    const options = item.options ?? []
    write(`${style.yellow(clean(item.question))}\n`)
    options.forEach(({ label, description }, place) =>
      write(`  ${place + 1}. ${oneLine(label)}${description ? style.dim(`  ${oneLine(description)}`) : ''}\n`),
    )
    const hint = options.length === 0 ? '> ' : item.multiSelect ? 'Numbers with commas, or your own words: ' : 'A number, or your own words: '
    const line = await asker.ask(hint, { signal, fresh: true })
    if (line === undefined) return undefined
    answers.push([
      item.id,
      answerOf(
        line.trim(),
        options.map(({ label }) => label),
        item.multiSelect === true,
      ),
    ])
  }
  return Object.fromEntries(answers)
}
function answerOf(line: string, labels: readonly string[], several: boolean): string | string[] {
  const numbers = line.split(',').map((part) => Number(part.trim()))
  const chosen = numbers.map((number) => labels[number - 1])
  if (line === '' || !chosen.every((label) => label !== undefined)) return several && line !== '' ? [line] : line
  if (several) return chosen
  return chosen.length === 1 ? (chosen[0] ?? line) : line
}
