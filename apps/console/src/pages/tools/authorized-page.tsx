import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { Empty, Failed } from '../../parts/notes.tsx'
import { Page } from '../../parts/page.tsx'
import { Plain } from '../../parts/plain.tsx'
import { givenAuthorization, refusalCode, type Authorization } from '../../platform/authorization.ts'
import { useWrite } from '../../platform/operations.ts'
import { tools as words } from '../../text/tools.ts'

/** Where a browser comes back to from the login of an MCP server. What the address said was taken out of it already; of its words only the codes of RFC 6749 are shown. */
export function AuthorizedPage() {
  const [given] = useState<Authorization | null>(givenAuthorization)
  const { mutate, data: app, error } = useWrite('apps.authorized', ['apps.list', 'apps.get'])
  const isSent = useRef(false)
  useEffect(() => {
    if (given === null || given.error !== undefined || isSent.current) return
    isSent.current = true
    const { code, state, iss } = given
    mutate({ code, state, ...(iss === undefined ? {} : { iss }) })
  }, [given, mutate])
  const toTools = (
    <Link to="/tools" className="text-accent underline">
      {words.toTools}
    </Link>
  )
  return (
    <Page title={words.authorizedTitle}>
      {given === null ? (
        <Empty title={words.nothingToFinish} action={toTools}>
          {words.nothingToFinishAbout}
        </Empty>
      ) : given.error !== undefined ? (
        <>
          <p role="alert">{words.refused(refusalCode(given.error))}</p>
          <p className="text-muted">{words.refusedWhat}</p>
          {toTools}
        </>
      ) : error ? (
        <>
          <Failed error={error} />
          {toTools}
        </>
      ) : app ? (
        <>
          <p role="status">
            <Plain
              text={app.status === 'ready' ? words.authorized(app.name) : words.authorizedNotReady(app.name, app.message ?? words.states[app.status])}
            />
          </p>
          <Link to="/tools/$appId" params={{ appId: app.id }} className="text-accent underline">
            {words.toApp(app.name)}
          </Link>
        </>
      ) : (
        <p role="status" className="text-muted">
          {words.finishing}
        </p>
      )}
    </Page>
  )
}
