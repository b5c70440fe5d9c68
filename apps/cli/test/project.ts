import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** Makes a project folder whose package.json has a name to be asked for. */
export async function project(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'package.json'), '{"name":"blue-whale","version":"1.2.3"}\n')
}
