import type { LogComponent, LogLevel } from '@steward/contract/daemon'
import pino, { type Logger as Pino } from 'pino'

export type Logger = Pick<Pino, 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'isLevelEnabled'>
/** Takes one line with its end. An urgent one (an error, a fatal one) is to be on its way at once. */
export type WriteLine = (line: string, urgent: boolean) => void
export type Levels = Readonly<Partial<Record<LogComponent, Exclude<LogLevel, 'fatal'>>>>
export interface Loggers {
  /** The logger of one component: every line of it names the component. */
  of(component: LogComponent): Logger
  /** Tells a component's log of something that went wrong on our side. */
  reporter(component: LogComponent): (error: unknown, about?: object) => void
  /** From now on: how much is said, and by whom more or less than that. */
  setLevels(level: Exclude<LogLevel, 'fatal'>, levels: Levels): void
}
const urgent = /"level":"(?:error|fatal)"/
/** The level stands at the beginning of a line. */
const levelWithin = 40

/** Loggers of all components, writing JSON lines; whatever is a secret is taken out of every line before it is written. */
export function createLoggers(redact: (line: string) => string, write: WriteLine): Loggers {
  const root = pino(
    {
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: pino.stdSerializers.err },
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => write(redact(line), urgent.test(line.slice(0, levelWithin))) },
  )
  const made = new Map<LogComponent, Pino>()
  let levels: Levels = {}
  const of = (component: LogComponent): Pino => {
    const known = made.get(component)
    if (known) return known
    const logger = root.child({ component }, { level: levels[component] ?? root.level })
    made.set(component, logger)
    return logger
  }
  return {
    of,
    reporter: (component) => {
      const logger = of(component)
      return (error, about = {}) => logger.error({ error, ...about }, error instanceof Error ? error.message : String(error))
    },
    setLevels(level, given) {
      levels = given
      root.level = level
      for (const [component, logger] of made) logger.level = given[component] ?? level
    },
  }
}
