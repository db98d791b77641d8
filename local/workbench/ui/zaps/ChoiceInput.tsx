import { useInfiniteQuery } from '@tanstack/react-query';
import { ChevronDown, List, PenLine, Search, X } from 'lucide-react';
import { useId, useState } from 'react';
import {
  Button as AriaButton,
  Autocomplete,
  Dialog,
  DialogTrigger,
  Input,
  ListBox,
  ListBoxItem,
  Popover,
  SearchField,
  useFilter,
} from 'react-aria-components';
import { api } from '../api.ts';
import { Button } from '../parts/Button.tsx';
import { hasReference } from './pills.ts';
import { TextInput } from './TextInput.tsx';
import type { InputProps } from './types.ts';

/** A value from a list, or, as in Zapier, any value that is typed or mapped. */
export function ChoiceInput(props: InputProps) {
  const { field, zap, node, value, onChange, number } = props;
  const known = field.choices?.find((choice) => choice.value === value)?.label;
  const remembered = zap.labels[JSON.stringify([node.id, field.key, value])];
  const label = known ?? remembered;
  const [typing, setTyping] = useState(value !== '' && (hasReference(value) || !label));
  if (typing) {
    return (
      <div className="line">
        <div className="grow">
          <TextInput {...props} />
        </div>
        {!zap.on && (
          <Button icon aria-label={`Choose ${field.label} from a list`} onPress={() => setTyping(false)}>
            <List aria-hidden size={16} />
          </Button>
        )}
      </div>
    );
  }
  return (
    <div className="line">
      <Chooser {...props} label={label ?? value} />
      {/* A value of several is taken out with its line. */}
      {value !== '' && !zap.on && !number && (
        <Button look="quiet" icon aria-label={`Clear ${field.label}`} onPress={() => onChange('')}>
          <X aria-hidden size={16} />
        </Button>
      )}
      {!zap.on && (
        <Button icon aria-label={`Type or map ${field.label}`} onPress={() => setTyping(true)}>
          <PenLine aria-hidden size={16} />
        </Button>
      )}
    </div>
  );
}

/** The list that opens: the field's own choices, or pages of what the app lists. */
function Chooser({
  field,
  zap,
  node,
  value,
  onChange,
  label,
  labelledBy,
  describedBy,
}: InputProps & { label: string }) {
  const [open, setOpen] = useState(false);
  const valueId = useId();
  const { contains } = useFilter({ sensitivity: 'base' });
  const pages = useInfiniteQuery({
    ...api.zaps.choices.infiniteQueryOptions(
      { id: zap.id, node: node.id, key: field.key },
      { getNextPageParam: ({ next }) => next },
    ),
    enabled: open && field.dynamic,
    // What is chosen elsewhere decides what is listed here, so it is asked anew each time the list opens.
    staleTime: 0,
  });
  const choices = field.choices ?? pages.data?.pages.flatMap((page) => page.choices) ?? [];
  const seen = new Map(choices.map((choice) => [choice.value, choice]));
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <AriaButton
        className="input select grow"
        aria-labelledby={`${labelledBy} ${valueId}`}
        aria-describedby={describedBy}
        isDisabled={zap.on}
      >
        <span id={valueId} className={value === '' ? 'placeholder' : undefined}>
          {value === '' ? 'Choose…' : label}
        </span>
        <ChevronDown aria-hidden size={16} />
      </AriaButton>
      <Popover className="popover chooser" placement="bottom start" maxHeight={416}>
        <Dialog aria-label={field.label}>
          <Autocomplete filter={contains}>
            <SearchField className="search" aria-label={`Search ${field.label}`} autoFocus>
              <Search aria-hidden size={16} />
              <Input className="input" placeholder="Search" />
            </SearchField>
            <ListBox
              className="listbox"
              aria-label={field.label}
              items={[...seen.values()].map((choice) => ({ id: choice.value, ...choice }))}
              onAction={(key) => {
                setOpen(false);
                onChange(String(key), seen.get(String(key))?.label);
              }}
              renderEmptyState={() => (
                <p className="quiet">{pages.isFetching ? 'Asking HighLevel…' : 'Nothing to choose from.'}</p>
              )}
            >
              {(choice) => (
                <ListBoxItem className="option" id={choice.value} textValue={choice.label}>
                  {choice.label}
                </ListBoxItem>
              )}
            </ListBox>
          </Autocomplete>
          {pages.error && (
            <p className="problem-text popover-note" role="alert">
              {pages.error.message}
            </p>
          )}
          {pages.hasNextPage && (
            <Button look="quiet" onPress={() => void pages.fetchNextPage()} isDisabled={pages.isFetching}>
              {pages.isFetching ? 'Asking HighLevel…' : 'Load more'}
            </Button>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
