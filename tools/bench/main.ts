/** `npm run bench`: all benchmarks one after another, or those named: `npm run bench -- relay`, with their options. */

const BENCHMARKS = ['definition', 'relay'];

const named = process.argv.slice(2).filter((argument) => BENCHMARKS.includes(argument));
for (const name of named.length > 0 ? named : BENCHMARKS) await import(`./${name}.ts`);
