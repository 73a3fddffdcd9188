/**
 * Input from outside that this folder does not accept: it lacks the form its format demands, or
 * it does not prove what it should. The message names the rule that was broken and never repeats
 * the input, so it may be shown to whoever sent it.
 */
export class Rejected extends Error {
  override name = 'Rejected'
}
