import type { Zap } from '../../zap-runner/index.ts';

/**
 * A Zap as a file of zaps/stories/, for who wants to keep it there: what is played on it, and what must hold then, is
 * for a person to write.
 *
 * @param fieldNames the names of the account's own fields by their ids, which stand in the file in their place
 * @param mostRequests the most requests that a run of it made
 */
export function storyFile(zap: Zap, fieldNames: Map<string, string>, mostRequests: number) {
  const words = zap.name.toLowerCase().match(/[a-z0-9]+/g) ?? ['zap'];
  const variable = words.map((word, index) =>
    index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1),
  );
  const name = words.join('-');
  const story = {
    name,
    title: zap.name,
    who: 'Built on the workbench.',
    asked: [],
    before: [],
    zaps: [{ zap, mostRequests }],
    samples: [],
    rules: [],
    scenes: [],
    template: { title: zap.name, description: '' },
  };
  const data = JSON.stringify(story, null, 2).replace(/[A-Za-z0-9]{20}/g, (id) => {
    const field = fieldNames.get(id);
    return field ? `[${field}]` : id;
  });
  const safe = /^[0-9]/.test(variable[0] ?? '') ? `zap${variable.join('')}` : variable.join('');
  return {
    file: `${words.join('_')}.ts`,
    text: `import type { Story } from '../harness/story.ts';\n\nexport const ${safe}: Story = ${data};\n`,
  };
}
