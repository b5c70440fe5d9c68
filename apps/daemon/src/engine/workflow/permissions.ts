/** True when a declared permission covers one that is needed: `*`, `noun:*` and `*:verb` cover many; a wildcard is covered as a whole only. */
const covers = (declared: string, needed: string): boolean => {
  if (declared === '*' || declared === needed) return true
  const [noun, verb] = declared.split(':')
  const [neededNoun, neededVerb] = needed.split(':')
  return (noun === '*' || noun === neededNoun) && (verb === '*' || verb === neededVerb)
}
/** The permissions that are needed but not declared. */
export const uncovered = (declared: readonly string[], needed: readonly string[]): readonly string[] =>
  needed.filter((permission) => !declared.some((each) => covers(each, permission)))
/** True for `noun:verb`, `noun:*`, `*:verb` and `*`. */
export const isPermission = (text: string): boolean => text.length <= 200 && (text === '*' || /^[^\s:]+:[^\s:]+$/.test(text))
