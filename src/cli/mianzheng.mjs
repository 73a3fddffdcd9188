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
// What was compiled once is kept where only its owner may write: where systemd says, or beside what was
// installed. Where nobody can, every start compiles anew, and each thread carries what takes types out.
const cache =
  process.env.CACHE_DIRECTORY ?? `${import.meta.dirname}/../../node_modules/.cache/mianzheng`
const [{ mkdirSync }, { enableCompileCache }] = await Promise.all([
  import('node:fs'),
  import('node:module'),
])
try {
  mkdirSync(cache, { recursive: true, mode: 0o700 })
  enableCompileCache(cache)
  // For its threads and the processes that it starts.
  process.env.NODE_COMPILE_CACHE = cache
} catch {}
await import('./main.ts')
