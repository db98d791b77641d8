import { EventEmitter, on } from 'node:events';

/** What a page may have to read again. */
export type Topic = 'boards' | 'connection' | 'zaps' | 'runs' | 'wire' | 'faults';

/** Tells open pages what changed. */
export interface Feed {
  tell(...topics: Topic[]): void;
  /** The topics that changed, gathered over a short time, until the signal ends it. */
  listen(signal: AbortSignal): AsyncGenerator<Topic[]>;
  close(): void;
}

/** Changes closer together than this reach the pages as one, in ms. */
const GATHER_MS = 40;

export function createFeed(): Feed {
  const emitter = new EventEmitter().setMaxListeners(0);
  const waiting = new Set<Topic>();
  let timer: NodeJS.Timeout | null = null;
  const flush = () => {
    timer = null;
    emitter.emit('topics', [...waiting]);
    waiting.clear();
  };
  return {
    tell(...topics) {
      for (const topic of topics) waiting.add(topic);
      timer ??= setTimeout(flush, GATHER_MS);
    },
    async *listen(signal) {
      try {
        for await (const [topics] of on(emitter, 'topics', { signal })) yield topics as Topic[];
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    },
    close() {
      if (timer) clearTimeout(timer);
      emitter.removeAllListeners();
    },
  };
}
