/** What a telephone's own Back, or Escape, closes where the browser tells of it.
 *
 * The website's history is its own: nothing is ever put into it.
 */

declare class CloseWatcher {
  constructor(options: { signal: AbortSignal });
  onclose: (() => void) | null;
}

/** Calls `back` at the first such wish, until `signal` ends it. */
export function closes(back: () => void, signal: AbortSignal): void {
  if ("CloseWatcher" in window) new CloseWatcher({ signal }).onclose = back;
}
