/** A step as plans and workflows have it. */
export interface ChainStep {
  readonly id: string
  readonly toolId?: string | undefined
  readonly workflowId?: string | undefined
  readonly inputs?: Readonly<Record<string, unknown>> | null | undefined
  readonly dependsOn?: readonly string[] | undefined
  readonly if?: string | undefined
  readonly forEach?: { readonly in: string; readonly limit: number } | undefined
  readonly onError?: 'halt' | 'continue' | { readonly goto: string } | undefined
}
export interface Link {
  readonly from: string
  readonly to: string
}
const reference = /\bsteps\s*(?:\.\s*([\p{L}_$][\p{L}\p{N}_$-]*)|\[\s*(?:'([^']+)'|"([^"]+)")\s*\])/gu
const inExpression = (text: string): string[] => [...text.matchAll(reference)].map(([, plain, single, double]) => plain ?? single ?? double ?? '')
const inText = (text: string): string[] => [...text.matchAll(/\{\{(.*?)\}\}/gs)].flatMap(([, expression = '']) => inExpression(expression))

/** The steps whose outputs the templates of a value read. */
export function stepsRead(value: unknown): string[] {
  if (typeof value === 'string') return inText(value)
  if (Array.isArray(value)) return value.flatMap(stepsRead)
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stepsRead) : []
}
/** Whether a value holds a template at any depth. */
export function hasTemplate(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{{')
  return typeof value === 'object' && value !== null && Object.values(value).some(hasTemplate)
}
/** What must be over before what: the steps named by `dependsOn`, those that templates read, and the fallbacks. Names of steps that are not there are left out. */
export function linksOf(steps: readonly ChainStep[]): Link[] {
  const ids = new Set(steps.map(({ id }) => id))
  const links = steps.flatMap((step) => {
    const { id, dependsOn = [], inputs, onError } = step
    const before = [...dependsOn, ...stepsRead(inputs), ...inExpression(step.if ?? ''), ...inExpression(step.forEach?.in ?? '')]
    const after = typeof onError === 'object' ? [{ from: id, to: onError.goto }] : []
    return [...before.map((from) => ({ from, to: id })), ...after]
  })
  const distinct = new Map(links.map((link) => [`${link.from} ${link.to}`, link]))
  return [...distinct.values()].filter(({ from, to }) => from !== to && ids.has(from) && ids.has(to))
}
