import { Archive, Ellipsis, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../../parts/button.tsx'
import { Dialog, type DialogProps } from '../../parts/dialog.tsx'
import { Field, Input } from '../../parts/field.tsx'
import { Menu } from '../../parts/menu.tsx'
import { Section } from '../../parts/page.tsx'
import { Popover } from '../../parts/popover.tsx'
import { say, sayFault, sayUndo } from '../../parts/toast.tsx'
import { common } from '../../text/common.ts'
import { gallery as words } from '../../text/gallery.ts'

const shapes = [
  ['plain', 'Rename…'],
  ['wide', 'Compare…'],
  ['side', 'Inspect…'],
] as const

/** What appears above the page. */
export function Overlays() {
  const [open, setOpen] = useState<NonNullable<DialogProps['shape']>>()
  const close = () => setOpen(undefined)
  return (
    <Section id="overlays" title={words.overlays}>
      <div className="flex flex-wrap items-center gap-2">
        {shapes.map(([shape, label]) => (
          <Button key={shape} onClick={() => setOpen(shape)}>
            {label}
          </Button>
        ))}
        <Menu
          trigger={
            <IconButton label="More">
              <Ellipsis aria-hidden size={16} />
            </IconButton>
          }
          items={[
            { label: 'Rename', icon: <Pencil aria-hidden size={14} />, keys: 'e', onSelect: () => setOpen('plain') },
            { label: 'Archive', icon: <Archive aria-hidden size={14} />, disabled: true, onSelect: close },
            null,
            { label: 'Delete', icon: <Trash2 aria-hidden size={14} />, danger: true, onSelect: () => sayUndo(words.done, () => say(words.undone)) },
          ]}
        />
        <Popover trigger={<Button kind="quiet">Details</Button>} label="Details">
          <p>{words.nameHint}</p>
        </Popover>
        <Button onClick={() => say(words.said)}>Say</Button>
        <Button onClick={() => sayUndo(words.done, () => say(words.undone))}>Remove the row</Button>
        <Button onClick={() => sayFault(words.fault)}>Fail</Button>
      </div>
      <Dialog
        open={open !== undefined}
        onClose={close}
        title="Rename the session"
        shape={open ?? 'plain'}
        actions={
          <>
            <Button onClick={close}>{common.cancel}</Button>
            <Button kind="primary" onClick={close}>
              {common.save}
            </Button>
          </>
        }
      >
        <div className="flex flex-col gap-3">
          <p className="text-muted">{words.dialogBody}</p>
          <Field label={words.name}>{(described) => <Input {...described} defaultValue="Fix the flaky upload test" />}</Field>
        </div>
      </Dialog>
    </Section>
  )
}
