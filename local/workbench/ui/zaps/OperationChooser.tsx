import { useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import {
  Autocomplete,
  Collection,
  Header,
  Input,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  SearchField,
  Text,
  useFilter,
} from 'react-aria-components';
import { api, type Outputs } from '../api.ts';
import { Panel } from '../parts/Panel.tsx';

type Operation = Outputs['zaps']['operations'][number];

interface Props {
  title: string;
  kinds: Operation['kind'][];
  onClose: () => void;
  onChoose: (operation: Operation) => void;
}

/** The operations of the app, to choose one from. */
export function OperationChooser({ title, kinds, onClose, onChoose }: Props) {
  const { data: operations = [] } = useQuery(api.zaps.operations.queryOptions());
  const { contains } = useFilter({ sensitivity: 'base' });
  const sections = [
    { name: 'Instant triggers', of: (one: Operation) => one.kind === 'trigger' && one.instant },
    { name: 'Triggers that are polled', of: (one: Operation) => one.kind === 'trigger' && !one.instant },
    { name: 'Actions', of: (one: Operation) => one.kind === 'create' },
    { name: 'Searches', of: (one: Operation) => one.kind === 'search' },
    { name: 'Find or create', of: (one: Operation) => one.kind === 'searchOrCreate' },
  ]
    .map(({ name, of }) => ({ name, items: operations.filter((one) => kinds.includes(one.kind) && of(one)) }))
    .filter(({ items }) => items.length > 0);
  return (
    <Panel title={title} isOpen onClose={onClose}>
      <Autocomplete filter={contains}>
        <SearchField className="search" aria-label="Search" autoFocus>
          <Search aria-hidden size={16} />
          <Input className="input" placeholder="Search" />
        </SearchField>
        <ListBox
          className="listbox listbox-large"
          aria-label={title}
          items={sections}
          onAction={(key) => {
            const chosen = operations.find((one) => `${one.kind} ${one.key}` === key);
            if (chosen) onChoose(chosen);
          }}
          renderEmptyState={() => <p className="quiet">Nothing is called so.</p>}
        >
          {({ name, items }) => (
            <ListBoxSection id={name}>
              <Header className="listbox-header">{name}</Header>
              <Collection items={items}>
                {(one) => (
                  <ListBoxItem
                    className="option option-tall"
                    id={`${one.kind} ${one.key}`}
                    textValue={`${one.label} ${one.description}`}
                  >
                    <Text slot="label">{one.label}</Text>
                    <Text slot="description" className="quiet">
                      {one.description}
                    </Text>
                  </ListBoxItem>
                )}
              </Collection>
            </ListBoxSection>
          )}
        </ListBox>
      </Autocomplete>
    </Panel>
  );
}
