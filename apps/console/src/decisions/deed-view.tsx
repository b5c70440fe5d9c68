import type { ReactNode } from 'react'
import { decisions as words } from '../text/decisions.ts'
import type { Address, Approval, Deed } from './deed.ts'
import { Code } from '../parts/code.tsx'
import { Diff } from '../parts/diff.tsx'
import { Json } from '../parts/json.tsx'
import { Plain } from '../parts/plain.tsx'

/** An address with its host set off. */
function AddressView({ method, address }: { readonly method: string; readonly address: Address }) {
  return (
    <p className="rounded-sm border bg-panel p-2 font-mono break-all">
      <span className="font-bold">{method}</span> <Plain text={address.before} />
      <strong className="rounded-sm bg-warn-soft px-0.5 text-warn">
        <Plain text={address.host} />
      </strong>
      <Plain text={address.after} />
    </p>
  )
}
function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="flex flex-col gap-1">
      <p className="text-xs text-muted">{title}</p>
      {children}
    </div>
  )
}
const Fact = ({ term, children }: { readonly term: string; readonly children: ReactNode }) => (
  <>
    <dt className="text-muted">{term}</dt>
    <dd className="min-w-0">{children}</dd>
  </>
)
function Body({ deed }: { readonly deed: Deed }) {
  if (deed.kind === 'command') {
    const isAll = deed.asking.length === 1 && deed.asking[0]?.text.trim() === deed.line.trim()
    return (
      <>
        <Code label={words.command} language="bash" text={deed.line} />
        {!isAll && deed.asking.length > 0 && (
          <Part title={words.askingCommands}>
            <ul className="flex flex-col gap-1">
              {deed.asking.map(({ text, why }) => (
                <li key={text} className="border-l-2 border-warn pl-2">
                  <span className="font-mono break-all">
                    <Plain text={text} />
                  </span>
                  <span className="block text-xs text-muted">
                    <Plain text={why} />
                  </span>
                </li>
              ))}
            </ul>
          </Part>
        )}
        {deed.says !== null && (
          <Part title={words.says}>
            <Plain text={deed.says} />
          </Part>
        )}
      </>
    )
  }
  if (deed.kind === 'change') {
    return (
      <>
        {deed.summary !== null && <Plain text={deed.summary} />}
        {deed.diff === '' ? <p className="text-muted">{words.noChange}</p> : <Diff text={deed.diff} />}
      </>
    )
  }
  if (deed.kind === 'request') {
    return (
      <>
        <AddressView method={deed.method} address={deed.address} />
        {deed.body !== null && <Code label={words.body} text={deed.body} />}
      </>
    )
  }
  return deed.summary === null ? null : (
    <Part title={words.summary}>
      <Plain text={deed.summary} />
    </Part>
  )
}
/** The whole deed that an approval is about: what would run, change or be asked, why it asks, and in which folder. */
export function DeedView({ approval, deed, folder }: { readonly approval: Approval; readonly deed: Deed; readonly folder: string | null }) {
  const isCall = deed.kind === 'call'
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Body deed={deed} />
      {deed.rest !== null && (
        <Part title={isCall ? words.inputs : words.more}>
          <Json value={deed.rest} />
        </Part>
      )}
      {deed.kind === 'change' && (
        <details>
          <summary className="text-muted">{words.allInputs}</summary>
          <Json value={approval.input} />
        </details>
      )}
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-xs">
        <Fact term={words.why}>
          <Plain text={approval.reason} />
        </Fact>
        {deed.rule !== null && (
          <Fact term={words.rule}>
            <span className="font-mono break-all">
              <Plain text={words.ruleAsks(deed.rule.tool, deed.rule.pattern)} />
            </span>{' '}
            {(words.levels as Readonly<Record<string, string>>)[deed.rule.level]}
          </Fact>
        )}
        {folder !== null && (
          <Fact term={words.folder}>
            <span className="font-mono break-all">
              <Plain text={folder} />
            </span>
          </Fact>
        )}
      </dl>
    </div>
  )
}
