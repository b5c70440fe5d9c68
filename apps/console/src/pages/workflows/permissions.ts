import type { DraftStep } from './draft.ts'

/** What is known of what steps may do. */
export interface Needs {
  readonly tool: (id: string) => readonly string[] | undefined
  readonly workflow: (id: string) => readonly string[] | undefined
}
const covers = (declared: string, needed: string): boolean => {
  if (declared === '*' || declared === needed) return true
  const [noun, verb] = declared.split(':')
  const [neededNoun, neededVerb] = needed.split(':')
  return (noun === '*' || noun === neededNoun) && (verb === '*' || verb === neededVerb)
}
/** All that the steps need, in order. */
export const neededBy = (steps: readonly DraftStep[], { tool, workflow }: Needs): string[] =>
  [
    ...new Set(
      steps.flatMap(({ toolId, workflowId }) => [
        ...((toolId === undefined ? undefined : tool(toolId)) ?? []),
        ...((workflowId === undefined ? undefined : workflow(workflowId)) ?? []),
      ]),
    ),
  ].toSorted()
/** What is needed and not declared. */
export const lacking = (declared: readonly string[], needed: readonly string[]): string[] =>
  needed.filter((one) => !declared.some((wide) => covers(wide, one)))
/** What is declared and covers nothing that is needed. */
export const spare = (declared: readonly string[], needed: readonly string[]): string[] =>
  declared.filter((wide) => !needed.some((one) => covers(wide, one)))
