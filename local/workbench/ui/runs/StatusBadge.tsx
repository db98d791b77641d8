const WORDS: Record<string, string> = {
  running: 'Running',
  success: 'Success',
  filtered: 'Filtered',
  stopped: 'Nothing found',
  halted: 'Stopped',
  held: 'Held',
  error: 'Error',
  done: 'Done',
  found: 'Found',
  created: 'Created',
  updated: 'Updated',
  not_found: 'Nothing found',
  passed: 'Went on',
};

/** How a run, or a step of it, ended. */
export function StatusBadge({ status }: { status: string }) {
  return <span className={`badge badge-${status}`}>{WORDS[status] ?? status}</span>;
}
