import type { AnswerOf } from '../platform/daemon.ts'
import { Plain } from '../parts/plain.tsx'
import { executions as words } from '../text/executions.ts'

type ExecutionError = NonNullable<AnswerOf<'executions.get'>['errors']>[number]

/** What went wrong, each with what can be done about it. */
export function Errors({ errors }: { readonly errors: readonly ExecutionError[] }) {
  if (errors.length === 0) return null
  return (
    <ul aria-label={words.error} className="flex flex-col gap-2 rounded-sm border border-bad bg-bad-soft px-3 py-2">
      {errors.map(({ stepId, code, message }, index) => (
        <li key={index} className="flex flex-col gap-0.5">
          <span className="break-words">
            {stepId !== undefined && <strong className="font-bold">{stepId}: </strong>}
            <Plain text={message} />
          </span>
          {words.advice[code] !== undefined && <span className="text-muted">{words.advice[code]}</span>}
        </li>
      ))}
    </ul>
  )
}
