import { Suspense } from 'react'
import { late } from './late.ts'
import { Code } from './code.tsx'
import type { DiffProps } from './diff-props.ts'

const View = late(async () => (await import('./diff-view.tsx')).DiffView)

/**
 * What changes in files: from a unified diff, or from a text before and after. In one column or side by side, as chosen in this browser. What compares
 * texts comes with the first change that is shown; until then the text itself is there.
 */
export const Diff = (props: DiffProps) => (
  <Suspense fallback={<Code text={'text' in props ? props.text : props.after} label={'text' in props ? undefined : props.name} />}>
    <View {...props} />
  </Suspense>
)
