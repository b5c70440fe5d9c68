import { text } from '../text/index.ts'

/** Shown to a browser that holds no login: how to get one. `refused`: why a code did not work. */
export function LoggedOut({ refused }: { readonly refused?: string | undefined }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-[46ch] flex-col justify-center gap-3 p-4">
      <h1 className="text-lg font-bold">{refused === undefined ? text.frame.loggedOut : text.frame.loginRefused}</h1>
      {refused !== undefined && <p role="alert">{refused}</p>}
      <p className="text-md text-muted">{text.frame.loggedOutAbout}</p>
      <pre className="overflow-auto rounded-sm border bg-panel p-3 font-mono">{text.frame.loginCommand}</pre>
      <p className="text-muted">{text.frame.loginCommands}</p>
    </main>
  )
}
