import type { Json } from '../../engine/types.ts'
import { boundHead } from '../bounds.ts'
import { type Acts, outputCheck, withoutSecrets } from './acts.ts'
import { outputOf, refuseErrors } from './answer.ts'
import { callFiller, type ManifestPorts, masked, secretsIn, shownFiller } from './filler.ts'
import { addressOf, requestOf } from './request.ts'
import type { HttpCall, Manifest, ManifestTool } from './schema.ts'
import { readUrl } from './url.ts'

const bytes = 5 * 1024 * 1024
const redirects = 5
const previewBytes = 4000

/** The one place that a request of an app may go to although its address is private: the person has named it. */
const allowed = (origin: string): string => {
  const { hostname, port, protocol } = new URL(origin)
  return `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`
}

/** A tool that is an HTTP request. */
export function httpTool(app: Manifest, tool: ManifestTool, http: HttpCall, ports: ManifestPorts): Acts {
  const url = readUrl(http.url)
  const check = outputCheck(tool.outputs)
  const marks = secretsIn(tool).map((name) => masked(`secret ${name}`))
  /** Marks are for people to read, not for a server. */
  const readable = (text: string): string =>
    [...marks, masked('call id')].reduce((shown, mark) => shown.replaceAll(encodeURIComponent(mark), mark), text)
  return {
    targets: async (input) => [{ kind: 'url', url: addressOf(http, url, shownFiller(app, tool, input, ports)).url }],
    async preview(input) {
      const { method, url: address, body } = requestOf(http, url, shownFiller(app, tool, input, ports))
      const shown = body === undefined ? '' : `\n${http.form ? readable(body) : body}`
      return { summary: boundHead(`${method} ${readable(address)}${shown}`, previewBytes) }
    },
    async run(input, { callId, fetcher, signal, outputBytes }) {
      const filler = callFiller(app, tool, input, callId, ports)
      const { method, url: to, origin, headers, body } = await withoutSecrets(filler.hider(), signal, async () => requestOf(http, url, filler))
      const hider = filler.hider()
      return withoutSecrets(hider, signal, async () => {
        const request = { method, url: to, headers, allow: [allowed(origin)], ...(body === undefined ? {} : { body }) }
        const answer = await fetcher.send(request, { timeoutMs: tool.timeoutMs, bytes, redirects }, signal)
        await refuseErrors(answer, method)
        const output: Json = hider.json(outputOf(http, answer, check))
        const said = typeof output === 'string' ? output : JSON.stringify(output)
        const text = output === null ? `${tool.name}: done, the server answered ${answer.status}.` : said
        return { output, text: boundHead(text, outputBytes, 'Ask for less of it.') }
      })
    },
  }
}
