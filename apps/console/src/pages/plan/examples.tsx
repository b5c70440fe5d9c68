import { Button } from '../../parts/button.tsx'
import { Section } from '../../parts/page.tsx'
import { plan as words } from '../../text/plan.ts'

/** Requests that work anywhere, one press each. */
export function Examples({ busy, onChoose }: { readonly busy: boolean; readonly onChoose: (text: string) => void }) {
  return (
    <Section title={words.examplesTitle}>
      <p className="text-muted">{words.examplesAbout}</p>
      <ul className="flex flex-wrap gap-2">
        {words.examples.map((example) => (
          <li key={example}>
            <Button disabled={busy} onClick={() => onChoose(example)} className="h-auto min-h-8 text-left whitespace-normal!">
              {example}
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  )
}
