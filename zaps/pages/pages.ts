import { allSteps } from '../../local/zap-runner/index.ts';
import type { Story } from '../harness/story.ts';
import { stories } from '../stories/index.ts';
import { page } from './page.ts';
import { appOf, nameOf, triggerName } from './words.ts';

/** Everything that is written from the stories, by its path from the root of the project. */
export function pages(): Map<string, string> {
  const written = new Map(stories.map((story) => [`docs/zaps/${story.name}.md`, page(story)]));
  written.set('docs/zaps/README.md', index());
  written.set('docs/zaps/templates.json', `${JSON.stringify(stories.map(template), null, 2)}\n`);
  return written;
}

function index(): string {
  const lines = stories.map(({ name, title, who }) => `| [${title}](${name}.md) | ${who} |`);
  return `${[
    '# Zaps that are promised to work',
    'Each is data in `zaps/`, played in the tests against a HighLevel, a Zapier and other apps on this machine: `npm run zap -- --all` plays them all, and ends with the requests that each one made. These pages are written from the same data, by `npm exec -c "node zaps/pages/write.ts"`.',
    ['| Zap | For |', '|---|---|', ...lines].join('\n'),
    'The other apps are stood in for: `local/other-apps` keeps records, and is no likeness of any app. What each app sends is in the pages, with its source and how surely it is known. `templates.json` holds what a public Zap template consists of: title, slug, status, description and steps.',
  ].join('\n\n')}\n`;
}

/** The parts of a Zap template that its maker writes. [docs: Partner API, ZapTemplate: title, slug, status, description_raw, steps] */
function template({ name, template: { title, description }, zaps: [first] }: Story) {
  const steps = first ? [triggerName(first.zap.trigger), ...allSteps(first.zap.steps).map(asStep)] : [];
  return {
    title,
    slug: name,
    status: 'draft',
    description_raw: description,
    steps: steps.map(({ app, name: action }) => ({ app, action })),
  };
}

function asStep(step: ReturnType<typeof allSteps>[number]) {
  return { app: appOf(step), name: nameOf(step) };
}
