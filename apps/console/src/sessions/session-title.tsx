import { oneLine } from '../parts/signs.ts'

/** The title of a session on one line: models and people write it, so nothing in it is trusted. */
export const SessionTitle = ({ title }: { readonly title: string }) => <bdi className="min-w-0 truncate">{oneLine(title)}</bdi>
