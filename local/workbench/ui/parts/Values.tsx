import { Value } from './Value.tsx';

/** Values by their labels, as Zapier shows what a step gave. */
export function Values({ values }: { values: { label: string; value: string; reference?: string }[] }) {
  return (
    <dl className="values">
      {values.map(({ label, value, reference }) => (
        <div key={reference ?? label}>
          <dt>{label}</dt>
          <dd>
            <Value text={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
