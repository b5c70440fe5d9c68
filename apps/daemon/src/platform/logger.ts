import pino, { type Logger as Pino } from 'pino'

export type Logger = Pick<Pino, 'debug' | 'info' | 'warn' | 'error' | 'child'> & { level: string }
/** JSON lines on standard error, one ordered stream; whatever is a secret is taken out of every line before it is written. */
export function createLogger(
  level: string,
  redact: (line: string) => string,
  write: (line: string) => void = (line) => void process.stderr.write(line),
): Logger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: pino.stdSerializers.err },
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => write(redact(line)) },
  )
}
