import components from '../../node_modules/@digdir/designsystemet-css/dist/src/index.css'
import { FILE_TYPES, type Look, lookOf, namesOf } from '../look.ts'
import blocks from '../web/assets/blocks.css'
import drawings from '../web/assets/drawings.css'
import frame from '../web/assets/frame.css'
import page from '../web/assets/page.js'
import print from '../web/assets/print.css'
import sizes from '../web/assets/sizes.css'
import tables from '../web/assets/tables.css'
import text from '../web/assets/text.css'
import { stylesheetOf } from '../web/stylesheet.ts'
import { digestOf } from './digest.ts'

/** What browsers load, bundled; there are no files here, so no logo. */
export function bundledLook(productName: string | undefined): Look {
  const style = stylesheetOf(components, { sizes, text, frame, blocks, tables, drawings, print })
  const files = new Map([
    ['style.css', { type: FILE_TYPES.css, body: style }],
    ['page.js', { type: FILE_TYPES.js, body: page }],
  ])
  return lookOf({ names: namesOf(productName), logo: undefined, files }, digestOf)
}
