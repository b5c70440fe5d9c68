import path from 'node:path'

/** True when an absolute path is the folder or lies in it. Compares text: links must be resolved before. */
export function within(file: string, folder: string): boolean {
  const relative = path.relative(folder, file)
  return relative === '' || (relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative))
}

/** As `within`, for file systems that ignore case: errs towards true. */
export const withinAnyCase = (file: string, folder: string): boolean => within(file.toLowerCase(), folder.toLowerCase())

/** A path in a `.git` folder, where hooks and settings are programs to run. */
export const inGitFolder = (file: string): boolean => /(?:^|[/\\])\.git(?:$|[/\\])/i.test(file)
