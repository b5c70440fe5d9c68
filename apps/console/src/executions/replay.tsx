import { Pause, Play, SkipBack, StepBack, StepForward } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button, IconButton } from '../parts/button.tsx'
import { executions as words } from '../text/executions.ts'

/** So long each moment is shown while it plays. */
const momentMs = 700
export interface ReplayProps {
  readonly moments: readonly string[]
  /** Which moment is shown; undefined: as it is now. */
  readonly at: number | undefined
  readonly onMove: (at: number | undefined) => void
}
/** Goes through what happened in an execution, moment by moment. */
export function Replay({ moments, at, onMove }: ReplayProps) {
  const [isPlaying, setPlaying] = useState(false)
  const last = moments.length - 1
  const shown = at ?? last
  useEffect(() => {
    if (!isPlaying) return
    const timer = setTimeout(() => {
      if (shown >= last) setPlaying(false)
      else onMove(shown + 1)
    }, momentMs)
    return () => clearTimeout(timer)
  }, [isPlaying, shown, last, onMove])
  if (moments.length < 2) return null
  const move = (to: number) => {
    setPlaying(false)
    onMove(Math.min(last, Math.max(0, to)))
  }
  const play = () => {
    if (!isPlaying && shown >= last) onMove(0)
    setPlaying(!isPlaying)
  }
  const moment = moments[shown]
  return (
    <div role="group" aria-label={words.replay.title} className="flex flex-wrap items-center gap-1">
      <IconButton size="sm" label={words.replay.first} onClick={() => move(0)}>
        <SkipBack aria-hidden size={14} />
      </IconButton>
      <IconButton size="sm" label={words.replay.back} disabled={shown === 0} onClick={() => move(shown - 1)}>
        <StepBack aria-hidden size={14} />
      </IconButton>
      <IconButton size="sm" label={isPlaying ? words.replay.pause : words.replay.play} onClick={play}>
        {isPlaying ? <Pause aria-hidden size={14} /> : <Play aria-hidden size={14} />}
      </IconButton>
      <IconButton size="sm" label={words.replay.on} disabled={shown === last} onClick={() => move(shown + 1)}>
        <StepForward aria-hidden size={14} />
      </IconButton>
      <input
        type="range"
        aria-label={words.replay.title}
        aria-valuetext={`${words.replay.moment(shown + 1, moments.length)}${moment === undefined ? '' : `, ${new Date(moment).toLocaleTimeString()}`}`}
        min={0}
        max={last}
        value={shown}
        onChange={(event) => move(Number(event.target.value))}
        className="h-6 min-w-24 flex-1 accent-(--accent)"
      />
      <span className="text-xs text-muted tabular-nums">{words.replay.moment(shown + 1, moments.length)}</span>
      {at !== undefined && (
        <Button size="sm" onClick={() => (setPlaying(false), onMove(undefined))}>
          {words.replay.live}
        </Button>
      )}
    </div>
  )
}
