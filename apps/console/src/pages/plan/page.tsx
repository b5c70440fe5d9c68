import { useNavigate, useSearch } from '@tanstack/react-router'
import { useRef } from 'react'
import { Failed } from '../../parts/notes.tsx'
import { Page } from '../../parts/page.tsx'
import type { AnswerOf } from '../../platform/daemon.ts'
import { useWrite } from '../../platform/operations.ts'
import { plan as words } from '../../text/plan.ts'
import { Clarification } from './clarification.tsx'
import { Examples } from './examples.tsx'
import { PlanView } from './plan-view.tsx'
import { RecentPlans } from './recent-plans.tsx'
import { RequestForm, type Request } from './request-form.tsx'

/** Requests turned into plans: said, seen, looked through, run, saved. The address holds the request, the plan and its execution. */
export function PlanPage() {
  const search: Readonly<Record<string, string>> = useSearch({ strict: false })
  const navigate = useNavigate()
  const create = useWrite('plans.create', ['plans.list'])
  const { text = '', app = '', model = '', folder = '', plan: planId, execution } = search
  const request: Request = { text, app, model, folder }
  const go = (next: Request, found: { readonly plan?: string; readonly execution?: string } = {}, replace = false) => {
    const kept = Object.entries({ ...next, ...found }).filter(([, value]) => value !== '')
    void navigate({ to: '/plan', search: Object.fromEntries(kept), replace })
  }
  // Only the newest request's answer is shown.
  const asked = useRef(0)
  const make = (next: Request) => {
    const turn = ++asked.current
    create.mutate(
      {
        text: next.text,
        ...(next.app === '' ? {} : { appId: next.app }),
        ...(next.model === '' ? {} : { model: next.model }),
        ...(next.folder === '' ? {} : { workspace: { path: next.folder } }),
      },
      { onSuccess: ({ plan }: AnswerOf<'plans.create'>) => turn === asked.current && go(next, plan.id === null ? {} : { plan: plan.id }) },
    )
  }
  const answer = create.data
  const clarified = answer !== undefined && answer.plan.id === null && planId === undefined && create.variables?.text === text ? answer : undefined
  return (
    <Page title={words.title} about={words.about} wide>
      <RequestForm
        key={`${text} ${app} ${model} ${folder} ${planId ?? ''}`}
        initial={request}
        busy={create.isPending}
        isFirst={planId === undefined}
        onPlan={make}
      />
      {create.error && <Failed error={create.error} />}
      {clarified && (
        <Clarification
          answer={clarified}
          busy={create.isPending}
          onAnswer={(said) => make({ ...request, text: clarified.planner === 'builtin' ? said : `${text}\n${said}` })}
        />
      )}
      {planId === undefined ? (
        <>
          {clarified === undefined && <Examples busy={create.isPending} onChoose={(example) => make({ ...request, text: example, app: '' })} />}
          <RecentPlans
            onOpen={(found) =>
              go({ ...request, text: found.text }, { plan: found.id, ...(found.executionId === null ? {} : { execution: found.executionId }) })
            }
          />
        </>
      ) : (
        <PlanView
          key={planId}
          planId={planId}
          executionId={execution}
          onRun={(started) => go(request, { plan: planId, execution: started })}
          onPlanAgain={({ text: said, workspace }) => make({ ...request, text: said, folder: workspace })}
          onBack={() => go(request, { plan: planId })}
          onClose={() => go({ ...request, text: '' })}
          busy={create.isPending}
        />
      )}
    </Page>
  )
}
