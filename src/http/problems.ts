import { Hono } from 'hono'
import { html } from 'hono/html'
import { type Code, ERRORS, isRetryable, Refusal } from '../errors.ts'

const PARTIES = {
  caller: { zh: '请求系统', en: 'the calling system' },
  gateway: { zh: '网关运行方', en: 'the operator of the gateway' },
  provider: { zh: '提供机关', en: 'the provider' },
  authority: { zh: '共享主管部门', en: 'the sharing authority' },
} as const

/** One page for each code of the closed table: where `type` of a problem leads. */
export function problemRoutes(): Hono {
  return new Hono()
    .get('/', (c) => c.html(index()))
    .get('/:code', (c) => {
      const code = c.req.param('code')
      if (!Object.hasOwn(ERRORS, code)) throw new Refusal('not-found')
      return c.html(page(code as Code))
    })
}

const RETRY = {
  true: {
    zh: '可以。按 Retry-After 等待后重发同一 JWS，不会被当作第二次请求；若届时已过期，签署新请求。',
    en: 'Yes. Wait for Retry-After and send the same JWS; it will not count as a second request. Once it has expired, sign a new one.',
  },
  false: {
    zh: '不必。原样重发得到的仍是同一结果。',
    en: 'No use: the same JWS will get the same outcome.',
  },
} as const

function page(code: Code) {
  const { status, check, party, title, meaning, hint } = ERRORS[code]
  const retry = RETRY[`${isRetryable(code)}`]
  return layout(
    `${title.zh} · ${code}`,
    html`<h1>${title.zh}</h1>
      <p lang="en">${title.en}</p>
      <h2>含义 <span lang="en">What it means</span></h2>
      <p>${meaning.zh}</p>
      <p lang="en">${meaning.en}</p>
      <h2>怎么办 <span lang="en">What to do</span></h2>
      <p>${hint.zh}</p>
      <p lang="en">${hint.en}</p>
      <dl>
        <dt>由谁处理 <span lang="en">Whose move</span></dt><dd>${PARTIES[party].zh}<br><span lang="en">${PARTIES[party].en}</span></dd>
        <dt>可否原样重发 <span lang="en">Retry unchanged</span></dt><dd>${retry.zh}<br><span lang="en">${retry.en}</span></dd>
        <dt>代码 <span lang="en">Code</span></dt><dd><code>${code}</code></dd>
        <dt>HTTP 状态 <span lang="en">Status</span></dt><dd>${status}</dd>
        <dt>未通过的检查 <span lang="en">Failed check</span></dt><dd><code>${check}</code></dd>
      </dl>
      <p class="screen"><a href="/problems">全部代码 <span lang="en">All codes</span></a></p>`,
  )
}

function index() {
  const rows = Object.entries(ERRORS).map(
    ([code, { status, title }]) =>
      html`<tr><td><a href="/problems/${code}">${code}</a></td><td>${status}</td><td>${title.zh}</td><td lang="en">${title.en}</td></tr>`,
  )
  return layout(
    '问题代码 · Problem codes',
    html`<h1>问题代码 <span lang="en">Problem codes</span></h1>
      <table>
        <thead><tr><th>代码 Code</th><th>状态 Status</th><th>含义</th><th lang="en">Meaning</th></tr></thead>
        <tbody>${rows}</tbody>
      </table>`,
  )
}

function layout(title: string, body: ReturnType<typeof html>) {
  return html`<!doctype html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${title} · 免证</title>
        <style>
          :root { color-scheme: light dark; font: 1rem/1.7 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
          body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
          [lang="en"] { opacity: 0.8; }
          dt { font-weight: 600; margin-top: 0.75rem; }
          dd { margin: 0; }
          table { border-collapse: collapse; width: 100%; }
          @media print {
            :root { color-scheme: light; font-size: 11pt; }
            body { max-width: none; margin: 0; }
            .screen { display: none; }
            a { color: inherit; text-decoration: none; }
            h2 { break-after: avoid; }
            dt, dd, tr { break-inside: avoid; }
          }
          th, td { text-align: start; padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid #8884; }
        </style>
      </head>
      <body><main>${body}</main></body>
    </html>`
}
