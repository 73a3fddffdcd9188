import type { Command } from 'commander'
import { writeTextFolder } from '../platform/folder.ts'
import { print } from '../platform/terminal.ts'
import type { InForce } from '../registry/fate.ts'
import { FOLDERS, type FolderName } from '../registry/folder.ts'
import { fileText } from '../registry/in-force.ts'
import { type AdminOption, adminOf, withAdmin } from './admin.ts'
import { command, withJson } from './command.ts'
import { readRegistry } from './registry-read.ts'

type Options = AdminOption & { readonly json?: boolean; readonly agency?: string }

export function exportCommand(): Command {
  const made = command(
    'export',
    {
      zh: '把网关生效的登记文档写成文件夹：一件一个 JSON，顺序固定，可放入 git',
      en: 'write the documents in force as a folder: one JSON a file, stable, for git',
    },
    ['registry export registry/', 'registry export registry/ --agency 11990100MB99010327'],
  )
    .argument(
      '<folder>',
      '写到哪里；已有的同名文件被替换 · where to; files of the same name are replaced',
    )
    .option('--agency <uscc>', '只要某机关的 · only what is this agency’s')
  return withJson(withAdmin(made)).action(async (folder: string, options: Options) => {
    const files = filesOf(await readRegistry(await adminOf(options)), options.agency)
    const { written } = await writeTextFolder(folder, files)
    if (options.json) print(JSON.stringify({ ok: true, files: files.length, written }))
    else
      print(
        `${folder}：${files.length} 件，写入 ${written.length} 件。${files.length} documents, ${written.length} files written.`,
      )
  })
}

type Written = { readonly path: string; readonly text: string }

/** Of each item the newest version. The order is the paths'. */
function filesOf(view: InForce, agency: string | undefined): readonly Written[] {
  const items = [...view.items.values()].flatMap(([newest]) => newest ?? [])
  const agreements = [...view.agreements.values()].flat()
  const all = [
    ...items.map((one) => ({ folder: 'items', key: one.code, of: [one.provider], one })),
    ...[...view.services.values()].map((one) => ({
      ...{ folder: 'services', key: one.code, of: [one.lead], one },
    })),
    ...agreements.map((one) => ({ folder: 'agreements', key: one.id, of: one.requesters, one })),
    ...[...view.systems.values()].map((one) => ({
      ...{ folder: 'systems', key: one.id, of: [one.agency], one },
    })),
    ...[...view.pledges.values()].map((one) => ({
      ...{ folder: 'pledges', key: one.agency, of: [one.agency], one },
    })),
  ]
  return all
    .filter(({ of }) => agency === undefined || of.includes(agency))
    .map(({ folder, key, one }) => ({
      path: `${folder}/${key}.json`,
      text: fileText(FOLDERS[folder as FolderName], one),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}
