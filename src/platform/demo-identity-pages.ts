import { html, raw } from 'hono/html'

/** Somebody of the invented city, as the list shows him. */
export type DemoPerson = {
  readonly subject: string
  readonly name: string
  /** `管理员 · 云汀市数据局`, and the same in English. */
  readonly roles: readonly { readonly zh: string; readonly en: string }[]
}

/** One button a person, no passwords: everybody here is invented. */
export async function choicePage(
  action: string,
  people: readonly DemoPerson[],
  isAgain: boolean,
): Promise<string> {
  const rows = people.map(
    ({
      subject,
      name,
      roles,
    }) => html`<li><form method="post" action="${action}/${encodeURIComponent(subject)}">
<button name="as" value="${subject}"><strong>${name}</strong> ${roles.map(({ zh, en }) => html`<span>${zh}<br><small lang="en">${en}</small></span>`)}</button></form></li>`,
  )
  return frame(
    '演示登录 · Demo sign-in',
    html`<h1>${isAgain ? '请再次确认您是谁' : '以谁的身份登录？'} <small lang="en">${isAgain ? 'Prove again who you are' : 'Sign in as whom?'}</small></h1>
<p>这是开发用的身份认证，人员都是虚构的，没有口令；生产环境不会启动。<br><small lang="en">An identity provider for development: the people are invented and have no passwords. It never runs in production.</small></p>
<ul>${rows}</ul>`,
  )
}

/** @param form the provider's own, with the id `op.logoutForm` */
export async function logoutPage(form: string): Promise<string> {
  return frame(
    '退出 · Sign out',
    html`<h1>退出演示登录？ <small lang="en">Sign out of the demo sign-in?</small></h1>${raw(form)}
<p><button form="op.logoutForm" name="logout" value="yes">退出 <small lang="en">Sign out</small></button></p>`,
  )
}

export async function saidPage(zh: string, en: string): Promise<string> {
  return frame('演示登录 · Demo sign-in', html`<h1>${zh} <small lang="en">${en}</small></h1>`)
}

async function frame(title: string, body: ReturnType<typeof html>): Promise<string> {
  const page = html`<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.6 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; }
small { font-weight: normal; }
ul { list-style: none; padding: 0; display: grid; gap: .5rem; }
button { font: inherit; text-align: start; min-height: 44px; width: 100%; padding: .5rem .75rem; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; cursor: pointer; }
button strong { min-width: 6rem; }
</style>
</head>
<body><main>${body}</main></body>
</html>`
  return String(await page)
}
