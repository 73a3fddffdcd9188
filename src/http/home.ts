import { type Context, Hono } from 'hono'
import { accepts } from 'hono/accepts'
import { html } from 'hono/html'
import type { Deps } from '../deps.ts'
import { shardName } from '../log/shard.ts'

type Link = readonly [path: string, zh: string, en: string]

const LINKS: readonly Link[] = [
  ['/v1/catalog/items', '已发布的协助事项', 'the published assistance items'],
  ['/v1/catalog/services', '服务事项及其材料', 'services and the papers they ask for'],
  ['/problems', '每个拒绝代码的说明', 'every refusal explained'],
  [
    '/.well-known/mianzheng',
    '机器入口：地址、算法、日志',
    'for machines: addresses, algorithms, log',
  ],
  ['/openapi.json', '接口描述', 'the interface, described'],
]

function linksOf({ log }: Pick<Deps, 'log'>): readonly Link[] {
  const path = `/${shardName(log.head().shard)}/checkpoint`
  return [...LINKS, [path, '存证日志的最新检查点', 'the latest checkpoint of the log']]
}

/** What this address is, for a person who opens it in a browser. Paths only: it says nothing about its state. */
export function homeRoute(deps: Pick<Deps, 'log'>): Hono {
  const shown = linksOf(deps)
  return new Hono().get('/', (c) => {
    c.header('Vary', 'Accept-Language')
    return c.html(prefersEnglish(c) ? english(shown) : chinese(shown))
  })
}

function prefersEnglish(c: Context): boolean {
  const supports = ['zh', 'en']
  const match = (accepted: { type: string; q: number }[]) =>
    accepted
      .filter(({ q }) => q > 0)
      .sort((one, other) => other.q - one.q)
      .map(({ type }) => type.split('-')[0]?.toLowerCase() ?? '')
      .find((type) => supports.includes(type)) ?? 'zh'
  return accepts(c, { header: 'Accept-Language', supports, default: 'zh', match }) === 'en'
}

function chinese(shown: readonly Link[]) {
  const links = shown.map(
    ([path, zh]) => html`<li><a href="${path}">${zh}</a> <code>${path}</code></li>`,
  )
  return page(
    'zh-CN',
    '免证 · 政务数据共享与行政协助网关',
    html`<h1>免证</h1>
      <p>部门之间直接核验，群众不必再交证明。</p>
      <p>这里是一个机关的数据共享与行政协助网关：其他机关的系统以签名请求核验证照或记录；网关核对身份、依据与约定，只答复所需的最少内容，每次交换写入不可暗改的日志。个人不在此登录或查询。</p>
      <ul>${links}</ul>`,
  )
}

function english(shown: readonly Link[]) {
  const links = shown.map(
    ([path, , en]) => html`<li><a href="${path}">${en}</a> <code>${path}</code></li>`,
  )
  return page(
    'en',
    'Mianzheng · data sharing and administrative assistance gateway',
    html`<h1>Mianzheng <span lang="zh-CN">免证</span></h1>
      <p>Agencies ask each other, so that citizens need not bring the proof.</p>
      <p>This is the gateway of an agency. Other agencies’ systems ask it, by signed requests, to verify a certificate or a record; it checks who asks and on what basis, answers the least that serves, and writes each exchange into a tamper-evident log. Citizens neither sign in nor ask here.</p>
      <ul>${links}</ul>`,
  )
}

function page(lang: string, title: string, body: ReturnType<typeof html>) {
  return html`<!doctype html>
    <html lang="${lang}">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${title}</title>
        <style>
          :root { color-scheme: light dark; font: 1rem/1.7 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
          body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
          code { opacity: 0.8; }
        </style>
      </head>
      <body><main>${body}</main></body>
    </html>`
}
