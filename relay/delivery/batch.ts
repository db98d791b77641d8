/**
 * Makes one write of many: all that come while one is under way go into the next.
 *
 * @returns a function that resolves when the write with its item is done, and throws what that write threw
 */
export function batched<Item>(write: (items: Item[]) => Promise<void>): (item: Item) => Promise<void> {
  let next: { items: Item[]; written: Promise<void> } | null = null;
  let last = Promise.resolve();
  return (item) => {
    if (next) {
      next.items.push(item);
      return next.written;
    }
    const items = [item];
    const written = last.then(() => {
      next = null;
      return write(items);
    });
    next = { items, written };
    last = written.catch(() => undefined);
    return written;
  };
}
