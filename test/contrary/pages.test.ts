import { matrixOf } from './support/matrix.ts';

/** More opportunities than the largest page of GET holds, for the answers that are about pages and their ends. */
const extent = {
  opportunities: 110,
  answers: [
    'null-row',
    'text-counters',
    'search-post-removed',
    'search-post-wants-page',
    'search-without-fields',
    'search-without-meta',
    'search-ignores-order',
  ],
} as const;

matrixOf('triggers', {
  ...extent,
  keys: ['new_opportunity', 'status_changed', 'stale_opportunity', 'opportunity_list'],
});
matrixOf('searches', {
  ...extent,
  keys: ['find_opportunity', 'list_opportunities', 'summarize_opportunities'],
});
