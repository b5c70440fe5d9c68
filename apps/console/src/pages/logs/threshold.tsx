import { Field, Select } from '../../parts/field.tsx'
import { sayFault, sayUndo } from '../../parts/toast.tsx'
import { useRead, useWrite } from '../../platform/operations.ts'
import { logs as words } from '../../text/logs.ts'

const thresholds = ['debug', 'info', 'warn', 'error'] as const
type Threshold = (typeof thresholds)[number]
const isThreshold = (value: unknown): value is Threshold => thresholds.includes(value as Threshold)

/** How much the daemon says, changed for what it writes from now on. */
export function DaemonThreshold() {
  const setting = useRead('settings.get', { key: 'log.level' })
  const set = useWrite('settings.set')
  const reset = useWrite('settings.reset')
  if (!setting.data || !isThreshold(setting.data.value)) return null
  const { value, source, place } = setting.data
  const isFixed = source === 'environment' || source === 'flag'
  const change = (level: Threshold) =>
    set.mutate(
      { key: 'log.level', value: level },
      {
        onSuccess: () =>
          sayUndo(words.changed(level), () =>
            source === 'stored'
              ? set.mutate({ key: 'log.level', value }, { onError: sayFault })
              : reset.mutate({ key: 'log.level' }, { onError: sayFault }),
          ),
        onError: sayFault,
      },
    )
  return (
    <Field label={words.says} hiddenLabel>
      {(described) => (
        <Select
          {...described}
          title={isFixed ? words.fixed(place ?? source) : words.saysAbout}
          disabled={isFixed || set.isPending}
          value={value}
          onChange={change}
          options={thresholds.map((level) => ({ value: level, label: `${words.says}: ${words.andAbove(words.levels[level])}` }))}
        />
      )}
    </Field>
  )
}
