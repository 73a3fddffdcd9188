import { themeCss } from './theme.ts'

/** Our own files in the order that they count in; what is printed has the last word. */
export const STYLES = ['sizes', 'text', 'frame', 'blocks', 'tables', 'drawings', 'print'] as const

/**
 * The one stylesheet: Designsystemet's components, our theme, our layout.
 *
 * @param components Designsystemet's own stylesheet, which names the order of its layers first.
 */
export function stylesheetOf(
  components: string,
  own: Readonly<Record<(typeof STYLES)[number], string>>,
): string {
  return [components, themeCss(), ...STYLES.map((name) => own[name])].join('\n')
}
