import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, type Outputs } from '../api.ts';
import { Loading, Problem } from '../parts/states.tsx';
import { Field } from './Field.tsx';
import type { Node, ZapDetail } from './types.ts';

type Section = Outputs['zaps']['form'][number];

/** The form of a node, as the app describes its fields. */
export function NodeForm({ zap, node }: { zap: ZapDetail; node: Node }) {
  const connection = useQuery(api.connection.get.queryOptions());
  const form = useQuery(api.zaps.form.queryOptions({ id: zap.id, node: node.id, key: node.key }));
  if (!node.app) return <Settings settings={node.settings ?? {}} />;
  if (connection.data && !connection.data.connected) {
    return (
      <Problem
        title="No account is connected"
        message="The fields of a step come from the account: its pipelines, people and custom fields."
      >
        <Link to="/connect">Connect HighLevel</Link>
      </Problem>
    );
  }
  if (form.error) return <Problem title="The fields cannot be read" message={form.error.message} />;
  if (!form.data) return <Loading what="Asking for the fields" />;
  return (
    <fieldset className="node-form" disabled={zap.on}>
      <legend className="unseen">Fields of {node.title}</legend>
      {form.data.map((section, index) => (
        <SectionFields key={section.title ?? index} section={section} zap={zap} node={node} />
      ))}
    </fieldset>
  );
}

function SectionFields({ section, zap, node }: { section: Section; zap: ZapDetail; node: Node }) {
  const loose = section.fields.filter(({ group }) => !section.groups.some(({ key }) => key === group));
  return (
    <div className="form">
      {section.title && <h3>{section.title}</h3>}
      {loose.map((field) => (
        <Field key={field.key} field={field} zap={zap} node={node} />
      ))}
      {section.groups.map(({ key, label }) => {
        const own = section.fields.filter(({ group }) => group === key);
        const filled = own.filter((field) => node.input[field.key] !== undefined).length;
        if (own.length === 0) return null;
        return (
          <details key={key} className="fold">
            <summary>
              {label}
              <span className="quiet">
                {filled > 0 ? `${filled} of ${own.length} filled in` : own.length}
              </span>
            </summary>
            <div className="form">
              {own.map((field) => (
                <Field key={field.key} field={field} zap={zap} node={node} />
              ))}
            </div>
          </details>
        );
      })}
      {section.fields.length === 0 && <p className="quiet">There is nothing to fill in.</p>}
    </div>
  );
}

/** A step of another app, or of Zapier itself: shown as it is set, since its form is not this app's. */
function Settings({ settings }: { settings: Record<string, string> }) {
  return (
    <dl className="facts">
      {Object.entries(settings).map(([key, value]) => (
        <div key={key}>
          <dt>{key}</dt>
          <dd>
            <pre>{value}</pre>
          </dd>
        </div>
      ))}
    </dl>
  );
}
