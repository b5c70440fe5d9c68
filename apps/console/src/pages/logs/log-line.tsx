import { Bug, Info, OctagonX, TriangleAlert, Zap } from 'lucide-react'
import { Dialog } from '../../parts/dialog.tsx'
import { Json } from '../../parts/json.tsx'
import { Plain } from '../../parts/plain.tsx'
import { logs as words } from '../../text/logs.ts'
import type { Line, NamedLine } from './merge-lines.ts'

const looks = {
  debug: [Bug, 'text-muted'],
  info: [Info, 'text-muted'],
  warn: [TriangleAlert, 'text-warn'],
  error: [OctagonX, 'text-bad'],
  fatal: [Zap, 'text-bad font-bold'],
} as const
/** How much a line matters: a shape and a word. */
export function Level({ level }: { readonly level: Line['level'] }) {
  const [Icon, colour] = looks[level]
  return (
    <span className={`inline-flex items-center gap-1 ${colour}`}>
      <Icon aria-hidden size={12} />
      {words.levels[level]}
    </span>
  )
}
/** A time of the log as this device's clock shows it, to the millisecond; the day where it is not today. */
export function clockTime(time: string, now = new Date()): string {
  const at = new Date(time)
  const clock = at.toLocaleTimeString('en-GB', { hour12: false }) + `.${String(at.getMilliseconds()).padStart(3, '0')}`
  return at.toDateString() === now.toDateString() ? clock : `${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${clock}`
}
/** All that a line says. */
export function LineDialog({ line, onClose }: { readonly line: NamedLine | undefined; readonly onClose: () => void }) {
  return (
    <Dialog open={line !== undefined} onClose={onClose} title={words.line} shape="side">
      {line && (
        <div className="flex flex-col gap-4">
          <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <Level level={line.level} />
            <Plain text={line.component} />
            <time dateTime={line.time} className="text-muted">
              {line.time}
            </time>
            {line.pid !== null && (
              <span className="text-muted">
                {words.process} {line.pid}
              </span>
            )}
          </div>
          {line.raw && <p className="text-muted">{words.raw}</p>}
          <Plain text={line.message} className={line.raw ? 'font-mono text-xs' : ''} />
          {!line.raw && (Object.keys(line.details).length > 0 ? <Json value={line.details} /> : <p className="text-muted">{words.noDetails}</p>)}
        </div>
      )}
    </Dialog>
  )
}
