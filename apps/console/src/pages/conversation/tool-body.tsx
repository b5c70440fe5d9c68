import type { ToolCall as Call } from '@steward/contract/daemon'
import type { ReactNode } from 'react'
import { Code } from '../../parts/code.tsx'
import { Diff } from '../../parts/diff.tsx'
import { Json } from '../../parts/json.tsx'
import { Markdown } from '../../parts/markdown.tsx'
import { languageOf } from '../../parts/use-highlight.ts'
import { conversation as words } from '../../text/conversation.ts'
import { cameOf, givenTo, type Shown } from './tool-line.ts'
import { useWatched } from './use-conversation.ts'

/** What a call was given, what it prints, and what came of it. */
export function CallBody({ call }: { readonly call: Call }) {
  const { progress } = useWatched(call.id, (store) => store.newsOf(call.id))
  const given = givenTo(call)
  const came = cameOf(call)
  const isOver = call.finishedAt !== null
  return (
    <div className="ml-2 flex min-w-0 flex-col gap-2 border-l pl-3">
      {call.status === 'unknown' && <p className="text-muted">{words.call.unknownAbout}</p>}
      {given.map((shown, index) => (
        <View key={index} shown={shown} label={words.call.input} />
      ))}
      {came !== undefined && <View shown={came} label={words.call.output} />}
      {!isOver && progress !== '' && <Code text={progress} label={words.call.live} maxLines={12} />}
      {isOver && came === undefined && <p className="text-muted">{words.call.noOutput}</p>}
    </div>
  )
}
function View({ shown, label }: { readonly shown: Shown; readonly label: string }): ReactNode {
  switch (shown.kind) {
    case 'change':
      return <Diff before={shown.before} after={shown.after} name={shown.name} />
    case 'diff':
      return <Diff text={shown.text} />
    case 'code':
      return (
        <Code
          text={shown.text}
          label={shown.isPath ? shown.name : label}
          language={shown.isPath ? languageOf(shown.name) : shown.name === '' ? undefined : shown.name}
          maxLines={16}
        />
      )
    case 'markdown':
      return <Markdown text={shown.text} />
    case 'json':
      return (
        <section aria-label={label}>
          <Json value={shown.value} />
        </section>
      )
  }
}
