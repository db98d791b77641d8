import { UNSTABLE_ToastQueue as ToastQueue } from 'react-aria-components';

/** What is said in passing, in a corner of the page. */
export interface Toast {
  kind: 'done' | 'problem';
  text: string;
}

export const toasts = new ToastQueue<Toast>({ maxVisibleToasts: 3 });

/** Says that something was done. */
export function showDone(text: string): void {
  toasts.add({ kind: 'done', text }, { timeout: 4000 });
}

/** Says that something was refused; it stays until it is put away, as it may be long. */
export function showProblem(text: string): void {
  toasts.add({ kind: 'problem', text });
}
