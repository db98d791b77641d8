/**
 * Makes one write of many: all that come while one is under way, or may not begin yet, go into the next.
 *
 * @param mayBegin resolves when the next write may begin
 * @returns a function that resolves when the write with its item is done, with what that write returned, and throws
 *   what it threw
 */
export function batched<Item, Result>(
  write: (items: Item[]) => Promise<Result>,
  mayBegin?: () => Promise<void>,
): (item: Item) => Promise<Result> {
  let next: { items: Item[]; written: Promise<Result> } | null = null;
  let last: Promise<unknown> = Promise.resolve();
  return (item) => {
    if (next) {
      next.items.push(item);
      return next.written;
    }
    const items = [item];
    const written = (mayBegin ? last.then(mayBegin) : last).then(() => {
      next = null;
      return write(items);
    });
    next = { items, written };
    last = written.catch(() => undefined);
    return written;
  };
}
