import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Form } from 'react-aria-components';
import { api } from '../api.ts';
import { Button } from '../parts/Button.tsx';
import { Select, TextField } from '../parts/form.tsx';
import { showDone } from '../parts/toast.ts';
import type { Account, OpportunityDetail } from './types.ts';

interface Props {
  opportunity: OpportunityDetail;
  account: Account;
  onRemove: () => void;
}

const NOBODY = '';
const STATUSES = [
  { value: 'open', label: 'Open' },
  { value: 'won', label: 'Won' },
  { value: 'lost', label: 'Lost' },
  { value: 'abandoned', label: 'Abandoned' },
];

/** What a person changes on an opportunity in HighLevel's own pages. Only what differs is written. */
export function OpportunityForm({ opportunity, account, onRemove }: Props) {
  const before = valuesOf(opportunity);
  const [edits, setEdits] = useState<Partial<ReturnType<typeof valuesOf>>>({});
  const values = { ...before, ...edits };
  const [own, setOwn] = useState<Record<string, string>>({});
  const [asking, setAsking] = useState(false);
  const change = useMutation(api.boards.change.mutationOptions());
  const pipeline = account.pipelines.find(({ id }) => id === opportunity.pipelineId);
  const set = (edit: Partial<typeof values>) => setEdits((earlier) => ({ ...earlier, ...edit }));

  const save = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(
      {
        id: opportunity.id,
        change: {
          ...(edits.name !== undefined ? { name: edits.name } : {}),
          ...(edits.value !== undefined ? { monetaryValue: Number(edits.value) || 0 } : {}),
          ...(edits.stage !== undefined ? { pipelineStageId: edits.stage } : {}),
          ...(edits.status !== undefined ? { status: edits.status as 'open' } : {}),
          ...(edits.lostReason !== undefined ? { lostReasonId: edits.lostReason || null } : {}),
          ...(edits.owner !== undefined ? { assignedTo: edits.owner || null } : {}),
          ...(edits.closeDate !== undefined ? { forecastExpectedCloseDate: edits.closeDate || null } : {}),
          ...(Object.keys(own).length > 0
            ? { customFields: Object.entries(own).map(([id, value]) => ({ id, value })) }
            : {}),
        },
      },
      {
        onSuccess: () => {
          setEdits({});
          setOwn({});
          showDone('Saved in HighLevel.');
        },
      },
    );
  };

  return (
    <Form className="form" onSubmit={save}>
      <TextField label="Name" isRequired value={values.name} onChange={(name) => set({ name })} />
      <div className="pair">
        <TextField
          label="Value"
          type="number"
          inputMode="decimal"
          value={values.value}
          onChange={(value) => set({ value })}
        />
        <Select
          label="Owner"
          value={values.owner}
          options={[
            { value: NOBODY, label: 'Nobody' },
            ...account.users.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(owner) => set({ owner })}
        />
      </div>
      <div className="pair">
        <Select
          label="Stage"
          value={values.stage}
          options={(pipeline?.stages ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          onChange={(stage) => set({ stage })}
        />
        <Select
          label="Status"
          value={values.status}
          options={STATUSES}
          onChange={(status) => set({ status })}
        />
      </div>
      {values.status === 'lost' && (
        <Select
          label="Lost reason"
          value={values.lostReason}
          options={[
            { value: '', label: 'No reason' },
            ...account.lostReasons.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(lostReason) => set({ lostReason })}
        />
      )}
      <TextField
        label="Expected close date"
        type="date"
        value={values.closeDate}
        onChange={(closeDate) => set({ closeDate })}
      />
      <details className="fold">
        <summary>Custom fields</summary>
        <div className="form">
          {account.customFields
            .filter(({ dataType }) => dataType !== 'FILE_UPLOAD' && dataType !== 'TEXTBOX_LIST')
            .map(({ id, name, options }) => {
              const held = opportunity.customFields.find((field) => field.id === id)?.value;
              const value = own[id] ?? (Array.isArray(held) ? held.join(', ') : String(held ?? ''));
              const setValue = (text: string) => setOwn((earlier) => ({ ...earlier, [id]: text }));
              return options.length > 0 ? (
                <Select
                  key={id}
                  label={name}
                  value={value || null}
                  options={options.map((option) => ({ value: option, label: option }))}
                  onChange={setValue}
                />
              ) : (
                <TextField key={id} label={name} value={value} onChange={setValue} />
              );
            })}
        </div>
      </details>
      <div className="actions">
        <Button
          type="submit"
          look="primary"
          isDisabled={change.isPending || (Object.keys(edits).length === 0 && Object.keys(own).length === 0)}
        >
          Save
        </Button>
        {asking ? (
          <>
            <Button look="danger" onPress={onRemove}>
              Delete for good
            </Button>
            <Button onPress={() => setAsking(false)}>Keep it</Button>
          </>
        ) : (
          <Button onPress={() => setAsking(true)}>Delete</Button>
        )}
      </div>
    </Form>
  );
}

function valuesOf(one: OpportunityDetail) {
  return {
    name: one.name,
    value: String(one.monetaryValue),
    owner: one.assignedTo ?? NOBODY,
    stage: one.pipelineStageId,
    status: one.status as string,
    lostReason: one.lostReasonId ?? '',
    closeDate: one.forecastExpectedCloseDate?.slice(0, 10) ?? '',
  };
}
