/** A change: a unified diff, or a text before and after. */
export type DiffProps = { readonly text: string } | { readonly before: string; readonly after: string; readonly name?: string | undefined }
