import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** What the files of one run share, made by whichever needs it first. */
    runFolder: string
  }
}

/** Vitest's global set-up: a folder for the whole run, gone after it. */
export default function setup(project: TestProject): () => void {
  const dir = mkdtempSync(join(tmpdir(), 'mianzheng-run-'))
  project.provide('runFolder', dir)
  return () => rmSync(dir, { recursive: true, force: true })
}
