/** Untrusted text, harmless. */
export const Plain = ({ text }: { readonly text: string }) => <bdi className="break-words whitespace-pre-wrap">{text}</bdi>
export const Code = ({ text }: { readonly text: string; readonly language?: string; readonly label?: string; readonly maxLines?: number }) => (
  <pre className="max-h-96 overflow-auto rounded-sm border bg-panel p-2 font-mono whitespace-pre-wrap">{text}</pre>
)
export const Diff = ({ text }: { readonly text: string }) => <Code text={text} />
export const Json = ({ value }: { readonly value: unknown }) => <Code text={JSON.stringify(value, null, 2)} />
