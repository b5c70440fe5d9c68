import { Field, Select } from '../../../parts/field.tsx'
import { Failed } from '../../../parts/notes.tsx'
import { sayFault } from '../../../parts/toast.tsx'
import { useRead } from '../../../platform/operations.ts'
import { models } from '../../../text/settings-access.ts'
import { general } from '../../../text/settings.ts'
import { saveSetting } from '../general/use-setting.ts'

/** The model of agents that name none. */
export function DefaultModel() {
  const setting = useRead('settings.get', { key: 'models.default' })
  const list = useRead('models.list', { limit: 200, available: true })
  if (setting.error) return <Failed error={setting.error} retry={() => void setting.refetch()} />
  const current = setting.data ? String(setting.data.value) : 'auto'
  const ids = new Set([...(list.data?.items ?? []).map(({ id }) => id), current])
  ids.delete('auto')
  const { source, place } = setting.data ?? {}
  const isFixed = source === 'environment' || source === 'flag'
  const choose = async (value: string) => {
    if (!setting.data) return
    await saveSetting(setting.data, value)
  }
  return (
    <Field label={models.default} hint={isFixed ? general.sources[source](place ?? '') : models.defaultHint} className="max-w-[420px]">
      {(described) => (
        <Select
          {...described}
          value={current}
          disabled={isFixed || setting.isPending}
          onChange={(value) => void choose(value).catch(sayFault)}
          options={[{ value: 'auto', label: models.auto }, ...[...ids].map((id) => ({ value: id, label: id === 'builtin' ? models.builtin : id }))]}
        />
      )}
    </Field>
  )
}
