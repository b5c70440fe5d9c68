import { BarChart3, Brain, CalendarClock, History, Inbox, ListTree, MessageSquare, ScrollText, Settings, Workflow, Wrench } from 'lucide-react'
import { text } from '../text/index.ts'

/** The pages of the navigation, in its order. */
export const places = [
  { to: '/inbox', label: text.frame.inbox, icon: Inbox },
  { to: '/sessions', label: text.frame.sessions, icon: MessageSquare },
  { to: '/plan', label: text.frame.plan, icon: ListTree },
  { to: '/workflows', label: text.frame.workflows, icon: Workflow },
  { to: '/tasks', label: text.frame.tasks, icon: CalendarClock },
  { to: '/tools', label: text.frame.tools, icon: Wrench },
  { to: '/memory', label: text.frame.memory, icon: Brain },
  { to: '/history', label: text.frame.history, icon: History },
  { to: '/usage', label: text.frame.usage, icon: BarChart3 },
  { to: '/logs', label: text.frame.logs, icon: ScrollText },
  { to: '/settings', label: text.frame.settings, icon: Settings },
] as const
/** Those that a phone's bar shows; the rest is behind "More". */
export const thumbPlaces = places.slice(0, 3)
