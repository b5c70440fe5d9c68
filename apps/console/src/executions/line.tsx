import { Plain } from '../parts/plain.tsx'

/** Untrusted text on one line, cut off where there is no more room. */
export const Line = ({ text }: { readonly text: string }) => (
  <Plain text={text.replaceAll(/\s+/g, ' ').slice(0, 400)} className="whitespace-nowrap!" />
)
