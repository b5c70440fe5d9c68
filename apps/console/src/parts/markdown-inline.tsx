import { ExternalLink } from 'lucide-react'
import type { MarkedToken, Token } from 'marked'
import type { ReactNode } from 'react'
import { reading as words } from '../text/reading.ts'
import { decoded, otherHost, safeAddress } from './links.ts'
import { Signs } from './plain.tsx'

/** What stands in a line of Markdown, as elements of our own. HTML is shown as the text that it is. */
export const Inline = ({ tokens }: { readonly tokens: readonly Token[] }) =>
  tokens.map((token, index) => <One key={index} token={token as MarkedToken} />)

function One({ token }: { readonly token: MarkedToken }): ReactNode {
  switch (token.type) {
    case 'strong':
      return (
        <strong className="font-bold">
          <Inline tokens={token.tokens} />
        </strong>
      )
    case 'em':
      return (
        <em>
          <Inline tokens={token.tokens} />
        </em>
      )
    case 'del':
      return (
        <del>
          <Inline tokens={token.tokens} />
        </del>
      )
    case 'codespan':
      return (
        <code className="wrap-anywhere rounded-sm bg-panel px-1 font-mono text-[0.9em]">
          <bdi>
            <Signs text={token.text} />
          </bdi>
        </code>
      )
    case 'br':
      return <br />
    case 'escape':
      return token.text
    case 'link':
      return (
        <Outside address={token.href} said={plainText(token.tokens)}>
          <Inline tokens={token.tokens} />
        </Outside>
      )
    case 'image':
      return <Picture address={token.href} label={decoded(token.text)} />
    case 'text':
      return token.tokens === undefined ? <Signs text={decoded(token.text)} /> : <Inline tokens={token.tokens} />
    default:
      return <Signs text={token.raw} />
  }
}
const plainText = (tokens: readonly Token[]): string =>
  tokens.map((token) => ('tokens' in token && token.tokens ? plainText(token.tokens) : 'text' in token ? String(token.text) : token.raw)).join('')

/** A link: it opens elsewhere and says so. What leads nowhere that is safe is its words, with the address beside. */
function Outside({ address, said, children }: { readonly address: string; readonly said: string; readonly children: ReactNode }) {
  const url = safeAddress(address)
  if (url === undefined) {
    return (
      <>
        {children}
        {said !== address && (
          <code className="wrap-anywhere ml-1 rounded-sm bg-panel px-1 font-mono text-[0.9em] text-muted">
            <bdi>
              <Signs text={address} />
            </bdi>
          </code>
        )}
      </>
    )
  }
  const host = otherHost(said, url)
  return (
    <>
      <a href={url.href} target="_blank" rel="noopener noreferrer" title={url.href} className="wrap-anywhere text-accent underline">
        {children}
        <ExternalLink aria-hidden size={11} className="ml-0.5 inline align-baseline" />
        <span className="sr-only"> ({words.outside})</span>
      </a>
      {host !== undefined && <strong className="ml-1 font-bold text-warn">({host})</strong>}
    </>
  )
}
/** An image of another place is a link to it: nothing is loaded from there. */
function Picture({ address, label }: { readonly address: string; readonly label: string }) {
  if (safeAddress(address) === undefined) return <span className="text-muted">[{label === '' ? words.imageInText : words.image(label)}]</span>
  return (
    <Outside address={address} said={label}>
      {words.image(label === '' ? address : label)}
    </Outside>
  )
}
