import { Dialog } from '../../parts/dialog.tsx'
import { Json } from '../../parts/json.tsx'
import { Section } from '../../parts/page.tsx'
import { Plain } from '../../parts/plain.tsx'
import { tools as words } from '../../text/tools.ts'
import { TryTool } from './try-tool.tsx'
import type { Tool } from './tool.ts'

/** What a tool is and may do, and a form that tries it. */
export function ToolPanel({ tool, onClose }: { readonly tool: Tool; readonly onClose: () => void }) {
  return (
    <Dialog open shape="side" title={tool.id} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <p className="max-w-[72ch] text-md whitespace-pre-line">
          <Plain text={tool.description} />
        </p>
        <dl className="grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1">
          <dt className="text-muted">{words.risk}</dt>
          <dd>{words.risks[tool.risk]}</dd>
          <dt className="text-muted">{words.permissions}</dt>
          <dd className="font-mono break-all">{tool.permissions.join(', ')}</dd>
          <dt className="text-muted">{words.modelName}</dt>
          <dd className="font-mono break-all">{tool.modelName}</dd>
        </dl>
        <Section title={words.tryIt}>{tool.inSession ? <p className="text-muted">{words.inSession}</p> : <TryTool tool={tool} />}</Section>
        {tool.outputsSchema !== undefined && (
          <Section title={words.schema}>
            <Json value={tool.outputsSchema} />
          </Section>
        )}
      </div>
    </Dialog>
  )
}
