import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../api.ts';
import { Button } from '../parts/Button.tsx';
import { Select } from '../parts/form.tsx';
import { count } from '../parts/format.ts';
import { showDone } from '../parts/toast.ts';
import type { ZapDetail } from './types.ts';

const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => ({
  value: zone,
  label: zone.replaceAll('_', ' '),
}));

/** What concerns a Zap as a whole: its zone, what sets it off by hand, what is held back, its runs. */
export function ZapBar({ zap }: { zap: ZapDetail }) {
  const { id, on, polled } = zap;
  const setTimezone = useMutation(api.zaps.setTimezone.mutationOptions());
  const poll = useMutation(
    api.zaps.poll.mutationOptions({
      onSuccess: ({ runs }) => showDone(runs === 0 ? 'Nothing new.' : `${count(runs, 'run')} came of it.`),
    }),
  );
  const send = useMutation(api.zaps.send.mutationOptions({ onSuccess: () => showDone('Sent.') }));
  const file = useMutation(
    api.zaps.file.mutationOptions({
      onSuccess: ({ file: name, text }) => {
        const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
        Object.assign(document.createElement('a'), { href: url, download: name }).click();
        URL.revokeObjectURL(url);
        showDone(`Saved as ${name}. Put it into zaps/stories/ and write what must hold.`);
      },
    }),
  );
  const release = useMutation(api.zaps.release.mutationOptions());
  return (
    <div className="bar bar-quiet">
      <Select
        label="Time zone"
        value={zap.timezone}
        options={ZONES}
        isDisabled={on}
        onChange={(timezone) => setTimezone.mutate({ id, timezone })}
      />
      {on && polled && (
        <Button onPress={() => poll.mutate({ id })} isDisabled={poll.isPending}>
          Poll now
        </Button>
      )}
      {on &&
        zap.samples.map(({ app, what }, sample) => (
          <Button key={what} onPress={() => send.mutate({ id, sample })} isDisabled={send.isPending}>
            Send from {app}: {what}
          </Button>
        ))}
      {zap.held > 0 && <Button onPress={() => release.mutate({ id })}>Run what is held ({zap.held})</Button>}
      <Link to="/runs" search={{ zap: id }}>
        Runs of this Zap
      </Link>
      <Button onPress={() => file.mutate({ id })}>Save as a file</Button>
      {on && <p className="quiet">The Zap is on. Turn it off to change it.</p>}
      {zap.problem && (
        <p className="problem-text" role="alert">
          {zap.problem}
        </p>
      )}
    </div>
  );
}
