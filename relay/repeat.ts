/**
 * Makes a step again and again until stopped, one after the other. A step that fails is no end of it. It keeps no
 * process alive by itself.
 *
 * @param everyMs between the beginnings of two steps, in ms
 * @param onError is told of a step that failed
 * @returns stops it, and resolves once the step under way has ended
 */
export function repeat(
  step: () => Promise<unknown>,
  everyMs: number,
  onError: (error: unknown) => void,
): () => Promise<void> {
  let running: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(step).catch(onError);
  }, everyMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
