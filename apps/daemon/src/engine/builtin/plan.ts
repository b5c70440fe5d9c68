import type { Candidate, Earlier } from './match.ts'
import { candidates } from './match.ts'
import type { Catalog, Entry } from './catalog.ts'
import { catalogOf } from './catalog.ts'
import type { Clause } from './clauses.ts'
import { clauses } from './clauses.ts'
import type { Refusal } from './judge.ts'
import { confidenceOf, judge } from './judge.ts'
import { framed } from './frames.ts'
import { readingClause, wantedOf, wantedOfNamed } from './questions.ts'
import type { Plan, PlannerTool, PlanStep, Wanted } from './types.ts'
import { capabilities, introduction, unknown } from './phrases.ts'
import { stem } from './words.ts'
import { copySteps } from './copies.ts'
import { scriptSteps } from './scripts.ts'
import { tokenise } from './slots.ts'
import { todoSteps } from './todos.ts'

export interface PlanRequest {
  readonly text: string
  readonly tools: readonly PlannerTool[]
  /** Apps to stay within, as from `@app`; those in the text count too. */
  readonly tags?: readonly string[]
  /** Ids of the tools that may be used; all when left out. */
  readonly allowed?: ReadonlySet<string>
  /** Milliseconds since 1970, for "tomorrow". Without it such words are asked about. */
  readonly now?: number
}
/** Characters of a request that the planner takes; a longer text is a document, not a request. */
const LONGEST = 8000
const STEPS = 12
const GREETING = /^(?:hi|hello|hey|hallo|good (?:morning|afternoon|evening)|greetings|howdy)\b[\s,!.]*(?:there|steward|again|everyone)?[\s!.?]*$/i
const HELP =
  /^(?:help|\/help|help me|what (?:can|do) you do|what are you(?: able to do)?|who are you|what can i (?:ask|do)|how (?:do|can) i use (?:you|this|steward)|what is steward|are you (?:an? )?(?:ai|llm|language model|bot|human))\b[\s?!.]*(?:for me|here)?[\s?!.]*$/i
const THANKS = /^(?:thanks?|thank you|thx|ok(?:ay)?|great|cool|nice|bye|good ?bye)\b[\s\w]{0,20}[!.]*$/i

const none = (intent: string, clarification: string, confidence = 0): Plan => ({ intent, steps: [], confidence, clarification })

/**
 * Plans one request over these tools. Pure and deterministic: equal requests give equal plans; nothing is run. Steps name only tools of the list, and their
 * inputs fit the tools' schemas (those of `from` once filled). Unsure, it gives no steps and says in `clarification` what it needs. Never throws for a text.
 */
export function plan(request: PlanRequest): Plan {
  const text = request.text.trim()
  const catalog = catalogOf(request.tools)
  const usable = (entry: Entry): boolean => request.allowed === undefined || request.allowed.has(entry.tool.id)
  const tools = catalog.entries.filter(usable).map((entry) => entry.tool)
  if (text === '') return none('empty', `Tell me what to do. ${capabilities(tools)}`)
  if (text.length > LONGEST)
    return none(
      'unknown',
      `That is ${text.length} characters; I plan requests of up to ${LONGEST}. Say in a sentence what to do, and name files by their path.`,
    )
  if (GREETING.test(text) || THANKS.test(text)) return none('greeting', introduction(tools), 1)
  if (HELP.test(text)) return none('help', introduction(tools), 1)
  const wishes = clauses(
    text,
    (word) => catalog.verbs.has(word),
    (word) => catalog.tellers.has(word),
  ).filter((clause) => !GREETING.test(lineOf(clause)) && !THANKS.test(lineOf(clause)))
  if (wishes.length === 0) return none('unknown', unknown(text, tools))
  if (wishes.length > STEPS) return none('unknown', `That is ${wishes.length} wishes at once; I take up to ${STEPS}. Please send them in parts.`)
  const tags = [...(request.tags ?? []), ...tokenise(text).flatMap((token) => (token.slot?.kind === 'tag' ? [token.slot.value] : []))].map((tag) =>
    tag.toLowerCase(),
  )
  const strange = tags.find((tag) => !tools.some((tool) => tool.id.split('.')[0]?.toLowerCase() === tag))
  if (strange) return none('unknown', `There is no app @${strange} here. ${capabilities(tools)}`)
  const inScope = (entry: Entry): boolean => usable(entry) && (tags.length === 0 || tags.includes(entry.app.toLowerCase()))
  const steps: PlanStep[] = []
  let confidence = 1
  const state: { earlier: Earlier | null } = { earlier: null }
  for (const clause of wishes) {
    if (state.earlier && isShowIt(clause)) continue
    if (clause.remark && wishes.length > 1 && isMere(clause, catalog, inScope)) continue
    const place = placeOf(clause)
    if (place && clause !== wishes.at(-1)) {
      state.earlier = { step: steps.length - 1, path: place }
      continue
    }
    const last = steps.at(-1)
    const asked = state.earlier?.path ? wantedOfNamed(clause, state.earlier.path) : null
    if (asked && last?.wanted?.kind === 'show' && asked.kind !== 'matches' && last.wanted.path === asked.path) {
      steps[steps.length - 1] = { ...last, wanted: asked }
      continue
    }
    const outcome = one(clause, asked ?? wantedOf(clause), catalog, inScope, state.earlier, steps.length, tools, request.now ?? null, tags.length > 0)
    if ('clarification' in outcome) return none(outcome.intent, outcome.clarification, outcome.confidence)
    const after =
      clause.link === 'first' || steps.length === 0
        ? []
        : clause.link === 'then' || !bothRead(catalog, [...steps, ...outcome.steps])
          ? [steps.length - 1]
          : []
    for (const [index, step] of outcome.steps.entries()) {
      const needs = [
        ...new Set([...after, ...Object.values(step.from ?? {}).map((source) => source.step), ...(index > 0 ? [steps.length - 1] : [])]),
      ].toSorted((a, b) => a - b)
      steps.push(needs.length > 0 ? { ...step, dependsOn: needs } : step)
    }
    confidence = Math.min(confidence, outcome.confidence)
    state.earlier = { step: steps.length - 1, path: pathOf(clause) ?? state.earlier?.path ?? null }
  }
  return { intent: [...new Set(steps.map((step) => step.toolId))].join(', '), steps, confidence }
}
/** A remark that no tool's example has the form of. */
const isMere = (clause: Clause, catalog: Catalog, inScope: (entry: Entry) => boolean): boolean =>
  !catalog.entries.some((entry) => inScope(entry) && framed(clause.tokens, entry.forms()).opening >= 2)
interface Found {
  readonly steps: readonly PlanStep[]
  readonly confidence: number
}
const asks = (intent: string, clarification: string, confidence = 0.2): Refusal => ({ intent, clarification, confidence })

function one(
  clause: Clause,
  wanted: Wanted | null,
  catalog: Catalog,
  inScope: (entry: Entry) => boolean,
  earlier: Earlier | null,
  at: number,
  tools: readonly PlannerTool[],
  now: number | null,
  isScoped: boolean,
): Found | Refusal {
  const line = lineOf(clause)
  if (clause.negated) return asks('forbidden', `You said not to ("${line}"), so I did nothing. Tell me what to do instead.`)
  if (clause.conditional) return asks('unknown', `"${line}" has a condition, and I cannot follow conditions. Tell me plainly what to do.`)
  const isFile = wanted !== null && wanted.kind !== 'matches' && !isOthers(clause, wanted.path, catalog, inScope, earlier, now, isScoped)
  const read = isFile ? readingClause(clause, wanted.path) : clause
  const scripted = scriptSteps(clause, catalog, inScope, at)
  const copied = copySteps(clause, catalog, inScope, at)
  if (copied) return { steps: copied, confidence: 0.9 }
  const listed = todoSteps(clause, catalog, inScope, at)
  if (listed) return { steps: listed, confidence: 0.9 }
  if (scripted) return { steps: scripted, confidence: 0.7 }
  const found = candidates(read, catalog, inScope, earlier, now, isScoped)
  const refusal = judge(found, read, line, tools, isFile, isScoped)
  if (refusal) return refusal
  const [best] = found
  if (!best) return asks('unknown', unknown(line, tools), 0)
  const told = (isFile ? wanted : null) ?? wantsOf(clause, best)
  const step = {
    toolId: best.entry.tool.id,
    inputs: best.inputs,
    ...(Object.keys(best.from).length > 0 ? { from: best.from } : {}),
    ...(told ? { wanted: told } : {}),
  }
  return { steps: [step], confidence: confidenceOf(found) }
}
/** "the issues in acme/web": what has a slash and no ending may be another tool's, which then is asked for by name. */
function isOthers(
  clause: Clause,
  path: string,
  catalog: Catalog,
  inScope: (entry: Entry) => boolean,
  earlier: Earlier | null,
  now: number | null,
  isScoped: boolean,
): boolean {
  if (!/^[\w.-]+\/[\w-]+$/.test(path)) return false
  const [best] = candidates(clause, catalog, inScope, earlier, now, isScoped)
  return (
    best !== undefined && best.fits && best.explained >= 0.8 && !best.entry.own.includes(stem('read')) && Object.values(best.inputs).includes(path)
  )
}
const lineOf = (clause: Clause): string => clause.tokens.map((token) => token.text).join(' ')
/** The file of a clause that is no more than "in package.json". */
const placeOf = ({ tokens }: Clause): string | null =>
  tokens.length === 2 && ['in', 'from', 'of'].includes(tokens[0]?.lower ?? '') && tokens[1]?.slot?.kind === 'path' ? tokens[1].slot.value : null
const pathOf = (clause: Clause): string | null => clause.tokens.findLast((token) => token.slot?.kind === 'path')?.slot?.value ?? null
/** "… and show it to me" after a step adds nothing: results are always shown. */
const isShowIt = (clause: Clause): boolean =>
  /^(?:show|tell|give|print|display|report)(?: me)?(?: (?:it|them|that|the (?:results?|output|matches|list)))?(?: to me)?$/i.test(lineOf(clause)) &&
  clause.link !== 'first'
function bothRead(catalog: Catalog, steps: readonly PlanStep[]): boolean {
  const acting = new Set(catalog.entries.filter((entry) => entry.acts).map((entry) => entry.tool.id))
  return !steps.some((step) => acting.has(step.toolId))
}
function wantsOf(clause: Clause, best: Candidate): Wanted | null {
  const path = best.entry.properties().find((property) => property.kind === 'path' && property.required)
  const value = path ? best.inputs[path.name] : undefined
  if (/^how many\b/i.test(lineOf(clause))) return { kind: 'matches' }
  return best.entry.tool.risk === 'read' &&
    best.entry.verbs.has(stem('read')) &&
    typeof value === 'string' &&
    best.entry.properties().filter((property) => property.required).length === 1
    ? { kind: 'show', path: value }
    : null
}
