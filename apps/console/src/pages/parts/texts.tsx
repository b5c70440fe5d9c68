import { Code } from '../../parts/code.tsx'
import { Diff } from '../../parts/diff.tsx'
import { Json } from '../../parts/json.tsx'
import { Markdown } from '../../parts/markdown.tsx'
import { Section } from '../../parts/page.tsx'
import { Plain } from '../../parts/plain.tsx'
import { gallery as words } from '../../text/gallery.ts'
import { diff, hostile, json, markdown } from './samples.ts'

/** What models, tools and files said: shown, never obeyed. */
export function Texts() {
  return (
    <Section id="texts" title={words.texts}>
      <Markdown text={markdown} />
      <Code text={'export const answer = 42\n'} language="ts" label="answer.ts" />
      <Diff text={diff} />
      <Plain text={hostile} />
      <Json value={json} />
    </Section>
  )
}
