import type { Approval, Question } from '@steward/contract/daemon'
import { Suspense } from 'react'
import { late } from '../../parts/late.ts'
import { Loading } from '../../parts/notes.tsx'

const loadApproval = () => import('../../decisions/approval-card.tsx')
const loadQuestion = () => import('../../decisions/question-card.tsx')
const ApprovalCard = late(async () => (await loadApproval()).ApprovalCard)
const QuestionCard = late(async () => (await loadQuestion()).QuestionCard)
/** Fetches what asks a person, so that it stands there at once when something is asked. */
export const fetchDecisions = () => Promise.all([loadApproval(), loadQuestion()])

export interface DecisionProps {
  readonly approval: Approval | undefined
  readonly question: Question | undefined
}
/** What waits for a person below a call. */
export function Decision({ approval, question }: DecisionProps) {
  const [waiting, asked] = [approval?.status === 'waiting' ? approval : undefined, question?.status === 'waiting' ? question : undefined]
  if (waiting === undefined && asked === undefined) return null
  return (
    <Suspense fallback={<Loading rows={4} />}>
      {waiting && <ApprovalCard approval={waiting} />}
      {asked && <QuestionCard question={asked} />}
    </Suspense>
  )
}
