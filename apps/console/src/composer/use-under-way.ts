import type { Run } from '@steward/contract/daemon'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { sayFault } from '../parts/toast.tsx'
import { listen } from '../platform/live.ts'
import { call, type AnswerOf } from '../platform/daemon.ts'
import { keyOf, useList, useRead, type ItemOf } from '../platform/operations.ts'

const isOpen = ({ status }: Run) => status === 'running' || status === 'waiting' || status === 'queued'
export interface UnderWay {
  /** The run that works or waits for a person. */
  readonly run: Run | undefined
  /** Runs that wait for it, the next one first. */
  readonly queued: readonly Run[]
  readonly isStopping: boolean
  /** Stops the run at work; those that wait go on. */
  stop(): void
}
/** What is under way in a session, and how to stop it. */
export function useUnderWay(sessionId: string): UnderWay {
  const { items } = useList('runs.list', { sessionId, limit: 50 })
  const [stopping, setStopping] = useState<string | null>(null)
  const open = items.filter(isOpen).toReversed()
  const run = open.find(({ status }) => status !== 'queued') ?? open[0]
  return {
    run,
    queued: open.filter((one) => one !== run),
    isStopping: run !== undefined && run.id === stopping,
    stop() {
      if (run === undefined || run.id === stopping) return
      setStopping(run.id)
      call('runs.cancel', { id: run.id }).catch((error: unknown) => {
        setStopping(null)
        sayFault(error)
      })
    },
  }
}
/** Messages of a session that no run has taken up yet, in their order. */
export function useQueuedMessages(sessionId: string, isUnderWay: boolean): readonly ItemOf<'messages.list'>[] {
  const queries = useQueryClient()
  const input = { sessionId, limit: 50 }
  const { data } = useRead('messages.list', input, { enabled: isUnderWay })
  useEffect(
    () =>
      listen((item) => {
        if (!('event' in item) || item.event.sessionId !== sessionId) return
        const { name, data: said } = item.event
        const isQueued = name === 'message.created' && (said as { message: AnswerOf<'messages.get'> }).message.status === 'queued'
        const begins = name === 'status' || name === 'message.taken' || name === 'session.rewound'
        if (isQueued || begins) void queries.invalidateQueries({ queryKey: keyOf('messages.list', { sessionId, limit: 50 }) })
      }),
    [queries, sessionId],
  )
  return isUnderWay ? (data?.items ?? []).filter(({ status }) => status === 'queued') : []
}
