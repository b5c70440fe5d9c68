import { Field, Input, type FieldProps } from '../../../parts/field.tsx'

export interface NumberInputProps extends Omit<FieldProps, 'children'> {
  readonly value: number | undefined
  readonly min: number
  readonly max: number
  readonly onChange: (value: number | undefined) => void
}
/** A whole number that may be left out. */
export function NumberInput({ value, min, max, onChange, ...field }: NumberInputProps) {
  return (
    <Field {...field}>
      {(described) => (
        <Input
          {...described}
          type="number"
          min={min}
          max={max}
          step={1}
          value={value ?? ''}
          onChange={(event) => onChange(event.target.value === '' ? undefined : Math.round(Number(event.target.value)))}
        />
      )}
    </Field>
  )
}
