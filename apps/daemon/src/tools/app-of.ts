/** The app of a tool's id, which is `app.tool`; empty where it is no such id. */
export const appOf = (toolId: string): string => toolId.slice(0, Math.max(0, toolId.indexOf('.')))
