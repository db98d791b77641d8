import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ComboBox, Form, Input, Label, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components';
import { api } from '../api.ts';
import { Button } from '../parts/Button.tsx';
import { Select, TextField } from '../parts/form.tsx';
import { Panel } from '../parts/Panel.tsx';
import { showDone } from '../parts/toast.ts';
import type { Account } from './types.ts';

interface Props {
  account: Account;
  pipelineId: string;
  onClose: () => void;
}

/** A new opportunity, for a contact that is there or for someone new. */
export function AddPanel({ account, pipelineId, onClose }: Props) {
  const stages = account.pipelines.find(({ id }) => id === pipelineId)?.stages ?? [];
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const [stage, setStage] = useState(stages[0]?.id ?? '');
  const [owner, setOwner] = useState('');
  const [person, setPerson] = useState('');
  const [contactId, setContactId] = useState<string | null>(null);
  const { data: contacts = [] } = useQuery(
    api.boards.contacts.queryOptions({ search: contactId ? '' : person }),
  );
  const add = useMutation(
    api.boards.add.mutationOptions({
      onSuccess: () => {
        showDone(`${name} was added in HighLevel.`);
        onClose();
      },
    }),
  );
  return (
    <Panel title="Add opportunity" isOpen onClose={onClose} place="middle">
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate({
            pipelineId,
            pipelineStageId: stage,
            name,
            monetaryValue: Number(value) || 0,
            assignedTo: owner || null,
            contact: contactId ? { id: contactId } : { name: person, email: '' },
          });
        }}
      >
        <TextField label="Name" isRequired value={name} onChange={setName} />
        <ComboBox
          className="field"
          isRequired
          allowsCustomValue
          menuTrigger="focus"
          items={contacts}
          inputValue={person}
          onInputChange={(text) => {
            setPerson(text);
            if (text !== contacts.find(({ id }) => id === contactId)?.name) setContactId(null);
          }}
          onChange={(key) => setContactId(key === null ? null : String(key))}
        >
          <Label className="label">Contact</Label>
          <Input className="input" />
          <Text slot="description" className="help">
            Choose somebody, or type a new name and they are added.
          </Text>
          <Popover className="popover">
            <ListBox className="listbox">
              {({ id, name: text, email }: (typeof contacts)[number]) => (
                <ListBoxItem className="option" id={id} textValue={text}>
                  <span>{text}</span>
                  <span className="quiet">{email}</span>
                </ListBoxItem>
              )}
            </ListBox>
          </Popover>
        </ComboBox>
        <div className="pair">
          <TextField label="Value" type="number" inputMode="decimal" value={value} onChange={setValue} />
          <Select
            label="Stage"
            value={stage}
            options={stages.map(({ id, name: text }) => ({ value: id, label: text }))}
            onChange={setStage}
          />
        </div>
        <Select
          label="Owner"
          value={owner}
          options={[
            { value: '', label: 'Nobody' },
            ...account.users.map(({ id, name: text }) => ({ value: id, label: text })),
          ]}
          onChange={setOwner}
        />
        <div className="actions">
          <Button type="submit" look="primary" isDisabled={add.isPending}>
            Add opportunity
          </Button>
        </div>
      </Form>
    </Panel>
  );
}
