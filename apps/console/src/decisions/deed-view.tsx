import type { ReactNode } from 'react'
import { decisions as words } from '../text/decisions.ts'
import type { Address, Approval, Deed } from './deed.ts'
import { Code, Diff, Json, Plain } from './plain-parts.tsx'

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
function Body({ deed }: { readonly deed: Deed }) {
  if (deed.kind === 'command') {
    const isAll = deed.asking.length === 1 && deed.asking[0]?.trim() === deed.line.trim()
    return (
      <>
        <Code label={words.command} language="bash" text={deed.line} />
        {!isAll && deed.asking.length > 0 && (
          <Part title={words.askingCommands}>
            <ul className="flex flex-col gap-1">
              {deed.asking.map((command) => (
                <li key={command} className="border-l-2 border-warn pl-2 font-mono break-all">
                  <Plain text={command} />
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
      <p className="text-muted">
        <Plain text={approval.reason} />
        {folder !== null && (
          <>
            {' '}
            {words.folder}{' '}
            <span className="font-mono break-all">
              <Plain text={folder} />
            </span>
          </>
        )}
      </p>
    </div>
  )
}
