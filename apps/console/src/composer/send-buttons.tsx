import { ArrowUp, ChevronUp, Clock, Navigation, Square } from 'lucide-react'
import { Button, IconButton } from '../parts/button.tsx'
import { Menu } from '../parts/menu.tsx'
import { composer as text } from '../text/composer.ts'
import type { Delivery } from './draft-store.ts'
import type { UnderWay } from './use-under-way.ts'

export interface SendButtonsProps {
  readonly underWay: UnderWay
  readonly canSend: boolean
  readonly isHeld: boolean
  readonly onSend: (delivery: Delivery) => void
}
/** Sends; while something runs it queues or steers, and stops. */
export function SendButtons({ underWay: { run, isStopping, stop }, canSend, isHeld, onSend }: SendButtonsProps) {
  if (run === undefined)
    return (
      <Button kind="primary" size="sm" disabled={!canSend} busy={isHeld} onClick={() => onSend('queue')}>
        <ArrowUp aria-hidden size={14} />
        {text.send}
      </Button>
    )
  return (
    <>
      <Button size="sm" busy={isStopping} title={text.stopKeys} onClick={stop}>
        <Square aria-hidden size={11} />
        {isStopping ? text.stopping : text.stop}
      </Button>
      <Button kind="primary" size="sm" disabled={!canSend} busy={isHeld} onClick={() => onSend('queue')}>
        <Clock aria-hidden size={13} />
        {text.queue}
      </Button>
      <Menu
        trigger={
          <IconButton size="sm" label={text.delivery}>
            <ChevronUp aria-hidden size={14} />
          </IconButton>
        }
        items={[
          { label: text.queueAbout, icon: <Clock size={14} />, keys: text.sendKeys, disabled: !canSend, onSelect: () => onSend('queue') },
          { label: text.steerAbout, icon: <Navigation size={14} />, keys: text.steerKeys, disabled: !canSend, onSelect: () => onSend('steer') },
        ]}
      />
    </>
  )
}
