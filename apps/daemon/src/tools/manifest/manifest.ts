import type { z } from 'zod'
import type { Problem } from '../../engine/execution/types.ts'
import { placeIn } from '../../engine/templates/values.ts'
import { contentProblems } from './check.ts'
import { readPlaces } from './json-places.ts'
import { Manifest } from './schema.ts'

/** What is wrong with a manifest. `message` is one sentence that names line and place; `line` counts from 1. */
export interface ManifestProblem extends Problem {
  readonly line: number
}
export type ReadManifest =
  | { readonly manifest: Manifest; readonly problems: readonly [] }
  | { readonly manifest: null; readonly problems: readonly ManifestProblem[] }

type Issue = z.core.$ZodIssue
const placeOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((place, key) => placeIn(place, typeof key === 'number' ? key : String(key)), '')

/** One problem for each key that is not known; else one for the issue. */
function problemsOf(issue: Issue): readonly Problem[] {
  const path = placeOf(issue.path)
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: placeIn(path, key), message: 'This key is not known here.' }))
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => ({ path, message: `The name ${message}` }))
  if (issue.code === 'invalid_type' && issue.input === undefined && issue.message.endsWith('received undefined'))
    return [{ path, message: `"${String(issue.path.at(-1) ?? '')}" is missing.` }]
  return [{ path, message: issue.message }]
}

/** Reads a manifest: JSON, then its shape, then its templates, schemas, addresses and commands; the first of these that is wrong is told. */
export function readManifest(text: string): ReadManifest {
  const places = readPlaces(text)
  const not = (problems: readonly Problem[], lineOf: (path: string) => number): ReadManifest => ({
    manifest: null,
    problems: problems.map(({ path, message }) => {
      const line = lineOf(path)
      return { path, line, message: `Line ${line}${path === '' ? '' : `, ${path}`}: ${message}${/[.!?)]$/.test(message) ? '' : '.'}` }
    }),
  })
  if ('message' in places) return not([{ path: '', message: places.message }], () => places.line)
  const read = Manifest.safeParse(JSON.parse(text))
  const problems = read.success ? contentProblems(read.data) : read.error.issues.flatMap(problemsOf)
  return read.success && problems.length === 0 ? { manifest: read.data, problems: [] } : not(problems, places.lineOf)
}
/** What is wrong with a manifest; nothing when it can be used. */
export const manifestProblems = (text: string): readonly ManifestProblem[] => readManifest(text).problems
