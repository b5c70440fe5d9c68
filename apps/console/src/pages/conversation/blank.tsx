import { Button } from '../../parts/button.tsx'
import { Empty } from '../../parts/notes.tsx'
import { sayFault } from '../../parts/toast.tsx'
import { useWrite } from '../../platform/operations.ts'
import { conversation as words } from '../../text/conversation.ts'

/** A session in which nothing was said yet: what it is for, and one question that works when pressed. */
export function Blank({ sessionId }: { readonly sessionId: string }) {
  const send = useWrite('messages.send')
  return (
    <Empty
      title={words.empty}
      action={
        <Button
          busy={send.isPending || send.isSuccess}
          onClick={() => send.mutate({ sessionId, text: words.emptyExampleText }, { onError: sayFault })}
        >
          {words.emptyExample}
        </Button>
      }
    >
      {words.emptyAbout}
    </Empty>
  )
}
