import { Link } from '@tanstack/react-router'
import { Empty, Failed } from '../parts/notes.tsx'
import { text } from '../text/index.ts'

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <Empty
      title={text.frame.notFound}
      action={
        <Link to="/sessions" className="text-accent underline">
          {text.frame.toSessions}
        </Link>
      }
    >
      {text.frame.notFoundAbout}
    </Empty>
  )
}
/** A page that has failed: the rest of the console goes on. */
export function PageFailed({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  return (
    <div className="flex flex-col gap-3 p-8">
      <h1 className="text-lg font-bold">{text.frame.crashed}</h1>
      <Failed error={error} retry={reset} />
    </div>
  )
}
