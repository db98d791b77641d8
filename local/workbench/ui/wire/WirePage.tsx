import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { GridList, GridListItem, Label, ListLayout, Meter, Virtualizer } from 'react-aria-components';
import { api, type Outputs } from '../api.ts';
import { Button } from '../parts/Button.tsx';
import { Select } from '../parts/form.tsx';
import { amount, timeOfDay } from '../parts/format.ts';
import { Empty, Loading, Problem } from '../parts/states.tsx';
import { ROUTES, tone } from './routes.ts';
import { WireDetail } from './WireDetail.tsx';

type Entry = Outputs['wire']['list']['entries'][number];

const LAYOUT = { rowHeight: 44, gap: 0, padding: 0 };

/** Every request, webhook and delivery, youngest first. */
export function WirePage() {
  const { entry, only } = useSearch({ from: '/wire' });
  const navigate = useNavigate();
  const { data, error } = useQuery(api.wire.list.queryOptions());
  const clear = useMutation(api.wire.clear.mutationOptions());
  const go = (change: { entry?: number; only?: string }) =>
    void navigate({ to: '/wire', search: (before) => ({ ...before, ...change }), replace: true });
  if (error) return <Problem page title="The wire cannot be read" message={error.message} />;
  if (!data) return <Loading what="Listening" />;
  const shown = data.entries.filter(({ route }) => !only || route === only);
  return (
    <div className="wire-page">
      <div className="bar">
        <h1>Wire</h1>
        <Select
          label="Show"
          hideLabel
          value={only ?? ''}
          options={[
            { value: '', label: 'Everything' },
            ...Object.entries(ROUTES).map(([value, label]) => ({ value, label })),
          ]}
          onChange={(value) => go({ only: value || undefined })}
        />
        <AllowanceMeter allowance={data.allowance} />
        <Link to="/wire/relay">The relay’s own page</Link>
        <Button onPress={() => clear.mutate()}>Clear</Button>
      </div>
      {shown.length === 0 ? (
        <Empty title="Silence">
          <p>Connect HighLevel, test a step or drag a card, and each request and webhook appears here.</p>
        </Empty>
      ) : (
        <div className="wire-body">
          <Virtualizer layout={ListLayout} layoutOptions={LAYOUT}>
            <GridList
              className="wire"
              aria-label="Messages, youngest first"
              items={shown}
              dependencies={[entry]}
              onAction={(key) => go({ entry: Number(key) })}
            >
              {(one) => <WireRow entry={one} isOpen={one.id === entry} />}
            </GridList>
          </Virtualizer>
          {entry !== undefined && <WireDetail id={entry} onClose={() => go({ entry: undefined })} />}
        </div>
      )}
    </div>
  );
}

function WireRow({ entry, isOpen }: { entry: Entry; isOpen: boolean }) {
  const { id, at, route, what, status, note } = entry;
  return (
    <GridListItem
      id={id}
      textValue={`${ROUTES[route]} ${what}`}
      className="wire-row"
      data-open={isOpen ? '' : undefined}
    >
      <span className="wire-time">{timeOfDay(at)}</span>
      <span className="wire-route" data-route={route}>
        {ROUTES[route]}
      </span>
      <span className="wire-what">{what}</span>
      <span className="wire-note">{note}</span>
      <span className={`wire-status ${tone(status)}`}>
        {status === null ? '…' : status === 0 ? 'none' : status}
      </span>
    </GridListItem>
  );
}

function AllowanceMeter({ allowance }: { allowance: Outputs['wire']['list']['allowance'] }) {
  if (!allowance) return null;
  const { left, max, interval, leftToday } = allowance;
  return (
    <Meter className="meter" value={left} maxValue={max} valueLabel={`${left} of ${max}`}>
      {({ percentage, valueText }) => (
        <>
          <Label>
            {valueText} left in {interval / 1000} s, {amount(leftToday)} today
          </Label>
          <span className="meter-track">
            <span className="meter-fill" style={{ inlineSize: `${percentage}%` }} />
          </span>
        </>
      )}
    </Meter>
  );
}
