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
// What was compiled once is kept beside what was installed, so that only its owner can write there; where
// nobody can, every start compiles anew.
const { enableCompileCache } = await import('node:module')
enableCompileCache(`${import.meta.dirname}/../../node_modules/.cache/mianzheng`)
await import('./main.ts')
