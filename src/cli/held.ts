/** Where the demonstration speaks: stdout, or stderr beside `--json`. */
export type Say = (line?: string) => void

/** One thing that the demonstration claims, and whether it held. */
export type Held = { readonly what: string; readonly ok: boolean }
