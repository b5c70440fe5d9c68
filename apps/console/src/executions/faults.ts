import { Fault } from '@steward/contract'

/** What the daemon says against what was sent, by its place: `inputs.path`, `steps[2].if`. Places are written alike whichever check has found it. */
export function problemsOf(error: unknown): readonly { readonly path: string; readonly message: string }[] {
  if (!(error instanceof Fault)) return []
  const { problems, issues } = (error.details ?? {}) as { problems?: unknown; issues?: unknown }
  const found = Array.isArray(problems) ? problems : Array.isArray(issues) ? issues : []
  return found.flatMap((one: unknown) => {
    const { path, message } = (one ?? {}) as { path?: unknown; message?: unknown }
    return typeof path === 'string' && typeof message === 'string' ? [{ path: path.replaceAll(/\.(\d+)(?=\.|$)/g, '[$1]'), message }] : []
  })
}
/** The problems within one place, by the path from there on; that of the place itself has the empty path. */
export function problemsIn(problems: readonly { readonly path: string; readonly message: string }[], place: string): Record<string, string> {
  const inside = problems.filter(({ path }) => path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`))
  return Object.fromEntries(inside.map(({ path, message }) => [path.slice(place.length).replace(/^\./, ''), message]))
}
