import { BarChart3, Brain, CalendarClock, History, Inbox, ListTree, MessageSquare, ScrollText, Settings, Workflow, Wrench } from 'lucide-react'
import { text } from '../text/index.ts'

/** The pages of the navigation, in its order; `go` is the letter that goes there after G. */
export const places = [
  { to: '/inbox', label: text.frame.inbox, icon: Inbox, go: 'i' },
  { to: '/sessions', label: text.frame.sessions, icon: MessageSquare, go: 's' },
  { to: '/plan', label: text.frame.plan, icon: ListTree, go: 'p' },
  { to: '/workflows', label: text.frame.workflows, icon: Workflow, go: 'w' },
  { to: '/tasks', label: text.frame.tasks, icon: CalendarClock, go: 't' },
  { to: '/tools', label: text.frame.tools, icon: Wrench, go: 'o' },
  { to: '/memory', label: text.frame.memory, icon: Brain, go: 'm' },
  { to: '/history', label: text.frame.history, icon: History, go: 'h' },
  { to: '/usage', label: text.frame.usage, icon: BarChart3, go: 'u' },
  { to: '/logs', label: text.frame.logs, icon: ScrollText, go: 'l' },
  { to: '/settings', label: text.frame.settings, icon: Settings, go: ',' },
] as const
/** Those that a phone's bar shows; the rest is behind "More". */
export const thumbPlaces = places.slice(0, 3)
