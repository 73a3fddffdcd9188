#!/usr/bin/env node
// Plain JavaScript, so that an old Node gets a sentence instead of a crash in a native module.
const [major] = process.versions.node.split('.')
if (Number(major) < 24) {
  process.stderr.write(
    `免证需要 Node 24 或更高版本，当前为 ${process.version}。在本目录执行 npm ci 后用 npm run 启动即可。\n` +
      `Mianzheng needs Node 24 or later, this is ${process.version}. After npm ci, start it through npm run.\n`,
  )
  process.exit(2)
}
// What was compiled once is kept beside what was installed, where only its owner may write; where nobody can,
// every start compiles anew.
const cache = `${import.meta.dirname}/../../node_modules/.cache/mianzheng`
const [{ mkdirSync }, { enableCompileCache }] = await Promise.all([
  import('node:fs'),
  import('node:module'),
])
try {
  mkdirSync(cache, { recursive: true, mode: 0o700 })
  enableCompileCache(cache)
} catch {}
await import('./main.ts')
