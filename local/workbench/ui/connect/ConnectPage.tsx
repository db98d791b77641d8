import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { api } from '../api.ts';
import { Button } from '../parts/Button.tsx';
import { Select, TextField } from '../parts/form.tsx';
import { Help } from '../parts/Markdown.tsx';
import { Loading } from '../parts/states.tsx';

/** The account that Zaps work in: Zapier's form, and from there HighLevel's own consent page. */
export function ConnectPage() {
  const { failed } = useSearch({ from: '/connect' });
  const { data } = useQuery(api.connection.get.queryOptions());
  const [values, setValues] = useState<Record<string, string>>({});
  const begin = useMutation(
    api.connection.begin.mutationOptions({
      onSuccess: ({ url }) => {
        setValues({});
        if (url !== null) window.location.assign(url);
      },
    }),
  );
  const makeKey = useMutation(
    api.connection.makeKey.mutationOptions({
      onSuccess: ({ token, locationId }) =>
        setValues((before) => ({ ...before, access_token: token, locationId })),
    }),
  );
  if (!data) return <Loading what="Asking for the connection" />;
  const { connected } = data;
  return (
    <div className="page narrow">
      <h1>HighLevel account</h1>
      {connected && !connected.stale && (
        <div className="result result-good">
          <p className="result-head">
            <CircleCheck aria-hidden size={18} />
            <strong>Connected: {connected.label}</strong>
          </p>
          <p>
            Zaps can work in this account now. <Link to="/zaps">Build a Zap</Link>
          </p>
        </div>
      )}
      {connected?.stale && (
        <p className="failure" role="alert">
          HighLevel no longer accepts this connection. Connect it again: the Zaps that use it go on from
          there.
        </p>
      )}
      {failed && (
        <p className="failure" role="alert">
          HighLevel was not connected: {failed}
        </p>
      )}
      <Form
        className="form block"
        data-tour="connect"
        onSubmit={(event) => {
          event.preventDefault();
          const defaults = Object.fromEntries(data.fields.map((field) => [field.key, field.default]));
          const given = Object.entries({ ...defaults, ...values }).filter(([, value]) => value !== '');
          begin.mutate({ fields: Object.fromEntries(given) });
        }}
      >
        <h2>{connected ? 'Connect anew' : 'Connect HighLevel to Zapier'}</h2>
        <p className="quiet">
          {data.byConsent
            ? 'As in Zapier: first what the app asks for, then HighLevel’s own page, where you choose the sub-account and allow access.'
            : 'This build connects by a private integration token, which a person makes in HighLevel’s settings.'}
        </p>
        {!data.byConsent && (
          <Button onPress={() => makeKey.mutate()}>Make a token in HighLevel and fill it in</Button>
        )}
        {data.fields.map((field) => {
          const value = values[field.key] ?? field.default;
          const set = (text: string) => setValues((before) => ({ ...before, [field.key]: text }));
          return field.choices ? (
            <Select
              key={field.key}
              label={field.label}
              value={value || null}
              options={field.choices}
              onChange={set}
              help={<Help text={field.help} />}
            />
          ) : (
            <TextField
              key={field.key}
              type={field.type === 'password' ? 'password' : 'text'}
              autoComplete="off"
              label={field.label}
              value={value}
              onChange={set}
              placeholder={field.placeholder}
              help={<Help text={field.help} />}
            />
          );
        })}
        <div className="actions">
          <Button
            type="submit"
            look="primary"
            isDisabled={begin.isPending || (data.byConsent && begin.isSuccess)}
          >
            {connected ? 'Connect anew' : 'Connect'}
          </Button>
        </div>
      </Form>
    </div>
  );
}
