import type { IncomingMessage } from 'node:http'

/** Gives every path its one true name: `/api/x` and `/api/v1/x` are `/v1/x`, and an alias stands for its target with all below it. */
export function rewrite(url: string, aliases: Readonly<Record<string, string>>): string {
  const [, path = '/', rest = ''] = /^([^?#]*)(.*)$/s.exec(url) ?? []
  if (path.startsWith('/api/')) return `${path.startsWith('/api/v1/') ? path.slice(4) : `/v1${path.slice(4)}`}${rest}`
  const first = /^\/[^/]*/.exec(path)?.[0] ?? ''
  const target = Object.hasOwn(aliases, first) ? aliases[first] : undefined
  return target === undefined ? url : `${target}${path.slice(first.length)}${rest}`
}
/** The same for a server's requests. */
export const createRewrite =
  (aliases: Readonly<Record<string, string>>) =>
  (request: { url?: string | undefined } | IncomingMessage): string =>
    rewrite(request.url ?? '/', aliases)
