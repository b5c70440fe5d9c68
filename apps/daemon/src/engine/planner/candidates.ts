import { catalogOf } from '../builtin/catalog.ts'
import { queryOf } from '../builtin/match.ts'
import { tokenise } from '../builtin/slots.ts'
import type { Scope } from './scope.ts'
import type { PlanningTool } from './types.ts'

/** How many tools a model is shown. */
const MOST = 24
/** Characters of a request that are searched with; what a request is about stands in its beginning. */
const SEARCHED = 4000

/**
 * The tools that a request may mean, best first: all that it may use where these are few, else the best by BM25 over names, descriptions and
 * examples, filled up in the order given. `tools` is the whole list, whose index is kept by its identity.
 */
export function candidatesOf(text: string, scope: Scope, tools: readonly PlanningTool[]): readonly PlanningTool[] {
  const usable = new Set(scope.tools)
  const query = queryOf(tokenise(text.slice(0, SEARCHED)))
  const found = catalogOf(tools)
    .ranking.search(query, MOST, (document) => {
      const tool = tools[document]
      return tool !== undefined && usable.has(tool)
    })
    .flatMap(({ document }) => tools[document] ?? [])
  return [...new Set([...found, ...scope.tools])].slice(0, MOST)
}
