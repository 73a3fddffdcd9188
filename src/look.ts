/** A file that browsers load: the stylesheet, a script, the logo. */
export type AssetFile = {
  readonly type: string
  readonly body: string | Uint8Array<ArrayBuffer>
  /** What the body is made from when it is first asked for. */
  readonly source?: string
}

/** What the pages look like here: the product's names, and every file under `/assets/`. */
export type Look = {
  readonly names: { readonly zh: string; readonly en: string }
  /** Name of the logo's file, where there is one. No national emblem comes with the product. */
  readonly logo: string | undefined
  /** By name; a name may have folders, so that modules may import one another relatively. */
  readonly files: ReadonlyMap<string, AssetFile>
  /** Of all files together: it stands in each address, so a browser may keep them for good. */
  readonly hash: string
}

/** Where a browser finds a file of this release. */
export function assetPath({ hash }: Look, name: string): string {
  return `/assets/${hash}/${name}`
}

/**
 * @param digest of a text, base64url: the files' own digests, or those of what they are made from, are
 *   hashed in the order of their names.
 */
export function lookOf(
  { files, ...look }: Omit<Look, 'hash'>,
  digest: (data: string | Uint8Array) => string,
): Look {
  const sorted = [...files].sort(([one], [other]) => (one < other ? -1 : 1))
  const lines = sorted.map(([name, file]) => `${name} ${digest(file.source ?? file.body)}\n`)
  return { ...look, files, hash: digest(lines.join('')).slice(0, HASH_CHARACTERS) }
}

const HASH_CHARACTERS = 12

export const FILE_TYPES = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
} as const

/** What the pages call themselves: the operator's own name for it in either language, or ours. */
export function namesOf(own: string | undefined): Look['names'] {
  return own === undefined ? { zh: '免证', en: 'Mianzheng' } : { zh: own, en: own }
}
