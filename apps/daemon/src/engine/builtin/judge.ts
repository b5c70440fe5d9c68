import type { Clause } from './clauses.ts'
import type { Candidate } from './match.ts'
import { ambiguous, impossible, missingInput, unknown } from './phrases.ts'
import type { Token } from './slots.ts'
import type { PlannerTool } from './types.ts'
import { isDeed, isStop, synonyms } from './words.ts'

/** Why nothing is done, and what is said instead. */
export interface Refusal {
  readonly intent: string
  readonly clarification: string
  readonly confidence: number
}
const round = (value: number): number => Math.round(value * 100) / 100
const asks = (intent: string, clarification: string, confidence: number): Refusal => ({
  intent,
  clarification,
  confidence: round(Math.min(0.45, confidence)),
})

/** Why the best candidate may not be run; null when it may. */
export function judge(
  found: readonly Candidate[],
  clause: Clause,
  line: string,
  tools: readonly PlannerTool[],
  isReading: boolean,
  isScoped: boolean,
): Refusal | null {
  const [best, ...others] = found
  const head = clause.tokens[0]
  const canDo = !head || head.slot || !isDeed(head.stem) || found.some((candidate) => candidate.verb)
  const notFound = (confidence: number): Refusal =>
    head && isDeed(head.stem) ? asks('impossible', impossible(line, tools), confidence) : asks('unknown', unknown(line, tools), confidence)
  if (!best) return notFound(0)
  if (!canDo && best.explained < 0.95) return asks('impossible', impossible(line, tools), best.explained * 0.3)
  const isSaidOtherwise = !best.entry.acts && !best.verb && !clause.question && !isScoped
  if (isSaidOtherwise && head && !head.slot && best.explained < (isDeed(head.stem) ? 0.95 : 0.85)) return notFound(best.explained * 0.4)
  if (isReading && best.entry.acts) return asks('impossible', impossible(line, tools), 0.1)
  // "How do I …" asks to be told; it is a request only where an example of the tool says it so.
  if (clause.hypothetical && best.opening < 2) return asks('unknown', unknown(line, tools), 0.2)
  const { acts } = best.entry
  const threshold = acts ? 0.75 : clause.question ? 0.65 : 0.6
  if (best.named === 0 && Object.keys(best.inputs).length === 0 && !isScoped && Object.keys(best.from).length === 0)
    return notFound(best.explained * 0.4)
  if (clause.remark && best.opening < 2) return asks('unknown', unknown(line, tools), 0.2)
  if (best.explained < 0.5) return notFound(best.explained * 0.4)
  if (acts && (clause.question || !(best.verb || isElliptic(clause, best))))
    return asks(
      'unknown',
      `I am not sure you want me to use ${best.entry.tool.id}. If so, say it as a request, for example: ${best.entry.tool.examples[0] ?? best.entry.tool.description}`,
      0.3,
    )
  if (!isScoped && isBare(clause, best)) return asks('ambiguous', ambiguous(line, [best.entry.tool]), 0.3)
  if (best.missing.length > 0) return asks('incomplete', missingInput(best.entry.tool, best.missing), best.explained * 0.45)
  if (!best.fits)
    return asks(
      'incomplete',
      `What I made of your words does not fit what ${best.entry.tool.id} takes (${JSON.stringify(best.inputs)}). Please say it differently${best.entry.tool.examples[0] ? `, for example: ${best.entry.tool.examples[0]}` : ''}.`,
      0.3,
    )
  if (best.explained < threshold || best.elsewhere || (acts && (best.foreign > 0 || best.isLosing)))
    return asks('unknown', unknown(line, tools), best.explained * 0.45)
  if (
    best.entry.tool.risk === 'destructive' &&
    !best.entry.own.every(
      (word) =>
        clause.tokens.some((token) => token.stem === word || synonyms(token.stem).has(word)) ||
        best.entry.properties().some((property) => property.kind === 'enum' && property.words.includes(word) && property.name in best.inputs),
    )
  ) {
    return asks('ambiguous', ambiguous(line, [best.entry.tool]), 0.4)
  }
  const rival = others.find((other) => other.fits && other.score >= best.score * (acts || other.entry.acts ? 0.93 : 0.985))
  return rival ? asks('ambiguous', ambiguous(line, [best.entry.tool, rival.entry.tool]), 0.4) : null
}
/** "lights off in the hall", "next track": no verb, and all the same every word is the tool's and everything that it needs is said. */
function isElliptic({ tokens }: Clause, { entry, explained, foreign, fits, inputs }: Candidate): boolean {
  if (entry.tool.risk === 'destructive' || !fits || foreign > 0 || explained < 0.85) return false
  const isGiving = (token: Token, index: number): boolean => index === 0 && token.lower === 'give'
  if (
    tokens.some(
      (token, index) =>
        !token.slot &&
        !isGiving(token, index) &&
        isDeed(token.stem) &&
        !entry.verbs.has(token.stem) &&
        !entry.own.includes(token.stem) &&
        !(index > 0 && entry.vocabulary.has(token.stem)),
    )
  )
    return false
  const isFilled = entry.properties().some((property) => property.required && property.name in inputs)
  return isFilled || (entry.own.length > 0 && entry.own.every((word) => tokens.some((token) => token.stem === word)))
}
/** A deed without an object ("cancel", "read") is no request, unless the tool gives just that as an example. */
const isBare = ({ tokens, link }: Clause, { entry, inputs, from }: Candidate): boolean =>
  tokens.every((token, index) => !token.slot && (index === 0 ? isDeed(token.stem) : isStop(token.lower))) &&
  !(link !== 'first' && Object.keys(inputs).length + Object.keys(from).length > 0) &&
  !entry.tool.examples.some((example) => example.toLowerCase() === tokens.map((token) => token.lower).join(' '))
/** How sure the best candidate is, 0 to 1: what it explains, lowered by a close second. */
export function confidenceOf([best, second]: readonly Candidate[]): number {
  if (!best) return 0
  const margin = second ? Math.min(1, (best.score - second.score) / best.score / 0.3) : 1
  return round(best.explained * (0.7 + 0.3 * margin))
}
