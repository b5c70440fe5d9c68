import { useId, useState, type FormEvent } from 'react'
import { Button } from '../../../parts/button.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Field, Input } from '../../../parts/field.tsx'
import { Failed } from '../../../parts/notes.tsx'
import { sayFault, sayUndo } from '../../../parts/toast.tsx'
import { call } from '../../../platform/daemon.ts'
import { useWrite } from '../../../platform/operations.ts'
import { text } from '../../../text/index.ts'
import { models } from '../../../text/settings-access.ts'
import type { Model } from './types.ts'

const prices = ['input', 'output', 'cacheRead', 'cacheWrite'] as const

/** Says what a model costs, or goes back to what is known of it. */
export function EditPrice({ model, onClose }: { readonly model: Model; readonly onClose: () => void }) {
  const { id, price, priceSource, contextTokens, maxOutputTokens } = model
  const form = useId()
  const [given, setGiven] = useState<Readonly<Record<string, string>>>({
    ...Object.fromEntries(prices.map((name) => [name, String(price[name])])),
    context: String(contextTokens),
    maxOutput: String(maxOutputTokens),
  })
  const set = useWrite('models.price')
  const number = (name: string) => Number(given[name] ?? '')
  const before = priceSource === 'settings' ? { model: id, price, contextTokens, maxOutputTokens } : { model: id, price: null }
  const done = () => {
    sayUndo(models.priceSaved(id), () => void call('models.price', before).catch(sayFault))
    onClose()
  }
  const save = (event: FormEvent) => {
    event.preventDefault()
    const [input, output, cacheRead, cacheWrite] = [number('input'), number('output'), number('cacheRead'), number('cacheWrite')]
    set.mutate(
      { model: id, price: { input, output, cacheRead, cacheWrite }, contextTokens: number('context'), maxOutputTokens: number('maxOutput') },
      { onSuccess: done },
    )
  }
  const field = (name: string, label: string) => (
    <Field label={label} className="w-[120px]">
      {(described) => (
        <Input
          {...described}
          type="number"
          min={0}
          step="any"
          value={given[name] ?? ''}
          onChange={(event) => setGiven({ ...given, [name]: event.target.value })}
        />
      )}
    </Field>
  )
  return (
    <Dialog
      open
      onClose={onClose}
      title={models.editPrice(id)}
      actions={
        <>
          {priceSource === 'settings' && (
            <Button className="mr-auto" onClick={() => set.mutate({ model: id, price: null }, { onSuccess: done })}>
              {models.toTable}
            </Button>
          )}
          <Button kind="primary" type="submit" form={form} busy={set.isPending}>
            {text.common.save}
          </Button>
        </>
      }
    >
      <form id={form} className="flex flex-col gap-3" onSubmit={save}>
        {set.error && <Failed error={set.error} />}
        <p className="text-muted">{priceSource === 'estimate' ? `${models.estimateAbout}. ${models.pricesAbout}` : models.pricesAbout}</p>
        <div className="flex flex-wrap gap-3">
          {prices.map((name) => (
            <span key={name}>{field(name, models[name])}</span>
          ))}
        </div>
        <p className="text-muted">{models.tokens}</p>
        <div className="flex flex-wrap gap-3">
          {field('context', models.context)}
          {field('maxOutput', models.maxOutput)}
        </div>
      </form>
    </Dialog>
  )
}
