import { useId, useState } from 'react'
import { Button } from '../../../parts/button.tsx'
import { sayFault } from '../../../parts/toast.tsx'
import { useDraft } from '../../../parts/use-draft.ts'
import { sentence } from '../../../parts/format.ts'
import { general } from '../../../text/settings.ts'
import { fromText, kindOf, toText } from './kinds.ts'
import { SettingControl } from './setting-control.tsx'
import { resetSetting, saveSetting, type Setting } from './use-setting.ts'

/** One setting with the control that fits it. It is saved when it is left; what is given from outside can only be read. */
export function SettingRow({ setting }: { readonly setting: Setting }) {
  const { key, value, source, place, about, schema } = setting
  const id = useId()
  const kind = kindOf(schema)
  const [draft, setDraft] = useDraft(toText(kind, value))
  const [error, setError] = useState<string>()
  const isFixed = source === 'environment' || source === 'flag'
  const save = async (next: unknown) => {
    setError(undefined)
    if (JSON.stringify(next) !== JSON.stringify(value)) await saveSetting(setting, next).catch((fault: unknown) => setError(sentence(fault)))
  }
  const leave = () => {
    const entered = fromText(kind, draft)
    if ('wrong' in entered) setError(general[entered.wrong])
    else void save(entered.value)
  }
  return (
    <div className="grid gap-x-6 gap-y-2 border-t py-3 sm:grid-cols-[minmax(0,1fr)_220px]">
      <div className="min-w-0">
        <label htmlFor={id} className="font-mono font-bold">
          {key}
        </label>
        <p id={`${id}-about`} className="text-muted">
          {about}
          {kind.is === 'lines' && ` ${general.lines}`}
          {kind.is === 'json' && ` ${general.json}`}
        </p>
        {source !== 'default' && (
          <div className="flex min-h-6 flex-wrap items-center gap-2 text-xs">
            <span className="break-words">{source === 'stored' ? general.sources.stored : general.sources[source](place ?? '')}</span>
            {source === 'stored' && (
              <Button size="sm" kind="quiet" aria-label={general.resetOf(key)} onClick={() => void resetSetting(setting).catch(sayFault)}>
                {general.reset}
              </Button>
            )}
          </div>
        )}
      </div>
      <div className="flex min-w-0 flex-col gap-1">
        <SettingControl
          id={id}
          describedBy={error === undefined ? `${id}-about` : `${id}-about ${id}-error`}
          wrong={error !== undefined}
          kind={kind}
          draft={draft}
          value={value}
          disabled={isFixed}
          onDraft={setDraft}
          onLeave={leave}
          onChoose={(next) => void save(next)}
        />
        {error !== undefined && (
          <p id={`${id}-error`} role="alert" className="text-xs text-bad">
            {error}
          </p>
        )}
      </div>
    </div>
  )
}
