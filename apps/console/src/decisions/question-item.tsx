import { useId } from 'react'
import { Check, Field, TextArea } from '../parts/field.tsx'
import { decisions as words } from '../text/decisions.ts'
import { toggled, type Choice, type Item } from './answer.ts'
import { Plain } from '../parts/plain.tsx'

export interface QuestionItemProps {
  readonly item: Item
  readonly choice: Choice
  readonly onChange: (choice: Choice) => void
  readonly onFocus: () => void
}
/** One question: its options, each with its digit, and room for an answer of one's own. */
export function QuestionItem({ item, choice, onChange, onFocus }: QuestionItemProps) {
  const group = useId()
  const options = item.options ?? []
  const isMany = item.multiSelect === true
  return (
    <fieldset onFocus={onFocus} className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 max-w-[72ch] text-md">
        {item.header !== undefined && (
          <span className="mr-2 rounded-sm bg-panel px-1.5 py-0.5 text-xs text-muted">
            <Plain text={item.header} />
          </span>
        )}
        <Plain text={item.question} />
      </legend>
      {options.length > 0 && isMany && <p className="text-xs text-muted">{words.several}</p>}
      {options.map((option, index) => {
        const label = (
          <>
            <kbd aria-hidden className="mr-1.5 text-xs text-muted max-sm:hidden">
              {index + 1}
            </kbd>
            <Plain text={option.label} />
            {option.description !== undefined && (
              <span className="block text-xs text-muted">
                <Plain text={option.description} />
              </span>
            )}
          </>
        )
        const isChosen = choice.chosen.includes(option.label)
        const toggle = () => onChange(toggled(item, choice, option.label))
        return isMany ? (
          <Check key={option.label} className="max-sm:min-h-11" label={label} checked={isChosen} onChange={toggle} />
        ) : (
          <label key={option.label} className="inline-flex min-h-6 items-center gap-2 max-sm:min-h-11">
            <input type="radio" className="size-4 shrink-0 accent-(--accent)" name={group} checked={isChosen} onChange={toggle} />
            <span>{label}</span>
          </label>
        )
      })}
      <Field label={options.length > 0 ? words.other : words.yourAnswer} hiddenLabel={options.length === 0}>
        {(described) => (
          <TextArea
            {...described}
            className="min-h-8!"
            rows={options.length > 0 ? 1 : 3}
            maxLength={100_000}
            value={choice.own}
            onChange={(event) => onChange({ chosen: isMany ? choice.chosen : [], own: event.target.value })}
          />
        )}
      </Field>
    </fieldset>
  )
}
