import { useQuery } from '@tanstack/react-query';
import { Braces, Search } from 'lucide-react';
import { useState } from 'react';
import {
  Autocomplete,
  Collection,
  Dialog,
  DialogTrigger,
  Header,
  Input,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Popover,
  SearchField,
  Text,
  useFilter,
} from 'react-aria-components';
import { api } from '../api.ts';
import { Button } from '../parts/Button.tsx';
import type { Node, ZapDetail } from './types.ts';

interface Props {
  zap: ZapDetail;
  node: Node;
  /** What it maps into, for who cannot see where it stands. */
  name: string;
  onPick: (reference: string, label: string) => void;
}

/** Values of earlier steps, to map into a field. */
export function DataPicker({ zap, node, name, onPick }: Props) {
  const [open, setOpen] = useState(false);
  const { contains } = useFilter({ sensitivity: 'base' });
  const { data = [] } = useQuery({
    ...api.zaps.data.queryOptions({ id: zap.id, node: node.id }),
    enabled: open,
  });
  const untested = data.filter(({ tested }) => !tested);
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <Button icon aria-label={`Map a value into ${name}`}>
        <Braces aria-hidden size={16} />
      </Button>
      <Popover className="popover data-picker" placement="bottom end" maxHeight={416}>
        <Dialog aria-label={`Values of earlier steps for ${name}`}>
          <Autocomplete filter={contains}>
            <SearchField className="search" aria-label="Search the values" autoFocus>
              <Search aria-hidden size={16} />
              <Input className="input" placeholder="Search the values" />
            </SearchField>
            <ListBox
              className="listbox"
              aria-label="Values of earlier steps"
              items={data.filter(({ values }) => values.length > 0)}
              onAction={(key) => {
                const picked = data
                  .flatMap(({ values }) => values)
                  .find(({ reference }) => reference === key);
                setOpen(false);
                if (picked) onPick(picked.reference, picked.label);
              }}
              renderEmptyState={() => <p className="quiet">Nothing to map here.</p>}
            >
              {({ node: step, number, title, values }) => (
                <ListBoxSection id={step}>
                  <Header className="listbox-header">
                    {number}. {title}
                  </Header>
                  <Collection items={values}>
                    {({ reference, label, value }) => (
                      <ListBoxItem
                        className="option option-tall"
                        id={reference}
                        textValue={`${label} ${value}`}
                      >
                        <Text slot="label">{label}</Text>
                        <Text slot="description" className="quiet one-line">
                          {value || 'empty'}
                        </Text>
                      </ListBoxItem>
                    )}
                  </Collection>
                </ListBoxSection>
              )}
            </ListBox>
          </Autocomplete>
          {untested.length > 0 && (
            <p className="quiet popover-note">
              Test {untested.map(({ number, title }) => `${number}. ${title}`).join(', ')} to see what it
              gives.
            </p>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
