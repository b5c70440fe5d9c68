import type { Catalog, Entry } from './catalog.ts'
import type { Clause } from './clauses.ts'
import type { PlanStep } from './types.ts'

/** Names by which people call the scripts of a package.json. */
const SCRIPTS: { readonly [said: string]: string } = {
  test: 'test',
  tests: 'test',
  'test suite': 'test',
  'unit tests': 'test',
  build: 'build',
  linter: 'lint',
  lint: 'lint',
  'type check': 'typecheck',
  formatter: 'format',
  benchmark: 'bench',
  benchmarks: 'bench',
}
const FORM = /^(?:run|execute)(?: all)?(?: (?:the|my|our))? (?:project's )?([a-z ]+?)(?: script)?$/i

/** "run the tests" names a script, not a command: the command is looked up in package.json, never made up. Null for any other clause. */
export function scriptSteps(clause: Clause, catalog: Catalog, inScope: (entry: Entry) => boolean, at: number): PlanStep[] | null {
  if (clause.question || clause.tokens.some((token) => token.slot)) return null
  const name = SCRIPTS[FORM.exec(clause.tokens.map((token) => token.lower).join(' '))?.[1] ?? '']
  const reader = only(catalog, inScope, 'path', (entry) => !entry.acts && entry.own.includes('read'))
  const runner = only(catalog, inScope, 'command', (entry) => entry.tool.risk === 'execute')
  if (!name || !reader || !runner) return null
  return [
    { toolId: reader.entry.tool.id, inputs: { [reader.input]: 'package.json' } },
    { toolId: runner.entry.tool.id, inputs: {}, from: { [runner.input]: { step: at, pick: 'script', name } } },
  ]
}
/** The one tool that fits and needs a single input of this kind. */
function only(
  catalog: Catalog,
  inScope: (entry: Entry) => boolean,
  kind: 'path' | 'command',
  fits: (entry: Entry) => boolean,
): { entry: Entry; input: string } | null {
  const found = catalog.entries
    .filter((entry) => inScope(entry) && fits(entry))
    .flatMap((entry) => {
      const needed = entry.properties().filter((property) => property.required)
      return needed.length === 1 && needed[0]?.kind === kind ? [{ entry, input: needed[0].name }] : []
    })
  return found.length === 1 ? (found[0] ?? null) : null
}
