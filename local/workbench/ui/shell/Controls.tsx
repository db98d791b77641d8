import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { CircleHelp, Settings2 } from 'lucide-react';
import { useState } from 'react';
import { Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { api } from '../api.ts';
import { Button } from '../parts/Button.tsx';
import { Select, Switch } from '../parts/form.tsx';
import { applyTheme, chosenTheme, type Theme } from './theme.ts';

const SWITCHES = [
  { name: 'testMode', label: 'Test Mode everywhere', says: 'Actions check everything and write nothing.' },
  {
    name: 'replay',
    label: 'Replay errors',
    says: 'A run that ended in an error runs again by itself, up to five times.',
  },
  {
    name: 'poll',
    label: 'Poll every 5 seconds',
    says: 'Zapier polls every few minutes; here it need not take so long.',
  },
] as const;

/** The account, the switches for all Zaps, the colours, the tour. */
export function Controls() {
  const navigate = useNavigate();
  const { data } = useQuery(api.connection.get.queryOptions());
  const setSwitch = useMutation(api.connection.setSwitch.mutationOptions());
  const [theme, setTheme] = useState<Theme>(chosenTheme);
  return (
    <div className="controls">
      <Link to="/connect" className="account" data-tour="account">
        <span
          className="dot"
          data-on={data?.connected && !data.connected.stale ? '' : undefined}
          aria-hidden
        />
        <span className="account-name">{data?.connected ? data.connected.label : 'Not connected'}</span>
      </Link>
      <DialogTrigger>
        <Button look="quiet" icon aria-label="Switches and colours">
          <Settings2 aria-hidden size={18} />
        </Button>
        <Popover className="popover settings" placement="bottom end">
          <Dialog aria-label="Switches and colours">
            {SWITCHES.map(({ name, label, says }) => (
              <div key={name} className="setting">
                <Switch
                  isSelected={data?.switches[name] ?? false}
                  onChange={(on) => setSwitch.mutate({ name, on })}
                >
                  {label}
                </Switch>
                <p className="help">{says}</p>
              </div>
            ))}
            <Select
              label="Colours"
              value={theme}
              options={[
                { value: 'system', label: 'As this machine' },
                { value: 'light', label: 'Light' },
                { value: 'dark', label: 'Dark' },
              ]}
              onChange={(value) => {
                applyTheme(value as Theme);
                setTheme(value as Theme);
              }}
            />
          </Dialog>
        </Popover>
      </DialogTrigger>
      <Button
        look="quiet"
        icon
        aria-label="Take the tour"
        onPress={() => void navigate({ to: '.', search: (before) => ({ ...before, tour: 1 }) })}
      >
        <CircleHelp aria-hidden size={18} />
      </Button>
    </div>
  );
}
