const always = new Set(['PATH', 'HOME', 'LANG', 'TMPDIR', 'USER', 'SHELL'])
const never = /_API_KEY$|_TOKEN$|_SECRET$|^AWS_|^STEWARD_/i

/**
 * The environment of a child: from `own` (the daemon's) only PATH, HOME, LANG, LC_*, TMPDIR, USER, SHELL and the names in `allow`; then what
 * the call gives, with TERM=dumb and SHLVL=1 unless given. Names that carry keys (*_API_KEY, *_TOKEN, *_SECRET, AWS_*) are never inherited, allowed or not;
 * STEWARD_* cannot be given by the call either, so that no child can forge or shed its mark.
 */
export function childEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  allow: readonly string[],
  given: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(own)) {
    if (value === undefined || never.test(name)) continue
    if (always.has(name) || name.startsWith('LC_') || allow.includes(name)) environment[name] = value
  }
  environment['TERM'] = 'dumb'
  // Without it bash takes a socket as its input for a remote login (as rshd did) and runs the user's .bashrc first.
  environment['SHLVL'] = '1'
  for (const [name, value] of Object.entries(given)) if (!/^STEWARD_/i.test(name)) environment[name] = value
  return environment
}
