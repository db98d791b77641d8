import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connection, LiveZap } from '../zap-runner/index.ts';
import { buildPages } from './build.ts';
import { type Bench, createBench, type World } from './server/bench.ts';
import { createServer } from './server/server.ts';

export type { Example, World } from './server/bench.ts';

/** The workbench: HighLevel, the Zap editor and the wire between them, as pages in a browser. */
export interface Workbench extends Pick<Bench, 'attach' | 'exchange' | 'event' | 'zaps' | 'runs'> {
  /** Where a person opens it. */
  url: string;
  /** Resolves once the pages are built. */
  built: Promise<void>;
  /** Shows a connection that was made elsewhere. */
  connected(connection: Connection): void;
  /** Shows a Zap that was turned on elsewhere, with the runs that it had. */
  adopt(live: LiveZap): void;
  close(): Promise<void>;
}

export interface WorkbenchOptions {
  /** TCP port; 0 picks a free one. Default 0. */
  port?: number;
  /** What it shows, where that has started already; `attach` otherwise. */
  world?: World;
}

/**
 * Serves the workbench on 127.0.0.1 at once, while its pages are built and before there is anything to show.
 *
 * @throws Error where the port is taken
 */
export async function startWorkbench({ port = 0, world }: WorkbenchOptions = {}): Promise<Workbench> {
  const bench = createBench();
  const pages = await mkdtemp(join(tmpdir(), 'highlevel-workbench-'));
  await mkdir(join(pages, 'assets'));
  const built = buildPages(pages);
  // Whoever asks for a page is told; unasked it must not end the process.
  built.catch(() => undefined);
  const app = await createServer(bench, pages, built);
  bench.url = await app.listen({ port, host: '127.0.0.1' });
  if (world) bench.attach(world);
  return {
    url: bench.url,
    built,
    attach: bench.attach,
    exchange: bench.exchange,
    event: bench.event,
    zaps: bench.zaps,
    runs: bench.runs,
    connected(connection) {
      bench.connection = connection;
      bench.feed.tell('connection', 'zaps');
    },
    adopt(live) {
      bench.zaps.add(live.zap, { live });
      bench.feed.tell('zaps');
    },
    async close() {
      bench.close();
      await app.close();
      await built.catch(() => undefined);
      await rm(pages, { recursive: true, force: true });
    },
  };
}
