import type { AnswerOf } from '../../platform/daemon.ts'

export type ToolApp = AnswerOf<'tools.list'>['apps'][number]
export type Tool = ToolApp['tools'][number]
/** A tool with the app it is of. */
export interface Listed {
  readonly tool: Tool
  readonly app: { readonly id: string; readonly name: string }
}
/** The tools that hold every word of the query in their id, name, description or app; all of them for an empty one. */
export function findTools(apps: readonly ToolApp[], query: string): Listed[] {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean)
  return apps.flatMap((app) =>
    app.tools.flatMap((tool) => {
      const text = `${tool.id} ${tool.name} ${tool.description} ${app.name}`.toLowerCase()
      return wanted.every((word) => text.includes(word)) ? [{ tool, app }] : []
    }),
  )
}
