import { type CreatePerform, defineCreate, defineInputFields } from 'zapier-platform-core';
import { readText, requiredText } from '../fields/inputs/read-text.ts';
import { readYesNo, YES_NO_CHOICES } from '../fields/inputs/read-yes-no.ts';
import { isTest, marked, testMode, testOutput } from '../fields/inputs/test-mode.ts';
import { CREATE } from '../fields/keys.ts';
import { METHODS, type Method } from '../highlevel/api/scope.ts';
import { connect } from '../highlevel/connect.ts';
import type { Errors } from '../highlevel/http/error-kinds.ts';
import { shortened } from '../highlevel/http/shortened.ts';

const LABELS = {
  method: 'Method',
  path: 'Path',
  query: 'Query',
  headers: 'Headers',
  body: 'Body',
  stop: 'Stop on Error',
};

const METHOD_CHOICES = {
  GET: 'GET: Read',
  POST: 'POST: Create or Search',
  PUT: 'PUT: Change',
  PATCH: 'PATCH: Change a Part',
  DELETE: 'DELETE: Delete',
} satisfies Record<Method, string>;

const inputFields = defineInputFields([
  {
    key: 'method',
    label: LABELS.method,
    type: 'string',
    required: true,
    choices: METHOD_CHOICES,
    helpText:
      'Zapier runs a step again that got no answer. PUT, PATCH and DELETE are then sent again, while a POST that could create something twice is held back for twelve hours, and the step says so.',
  },
  {
    key: 'path',
    label: LABELS.path,
    type: 'string',
    required: true,
    placeholder: '/locations/{locationId}/tags',
    helpText:
      'As [HighLevel’s documentation](https://marketplace.gohighlevel.com/docs/) writes it, from the first slash on; the request always goes to HighLevel. `{locationId}` stands for your sub-account’s ID, here and in Query and Body.',
  },
  {
    key: 'query',
    label: LABELS.query,
    type: 'string',
    dict: true,
    required: false,
    helpText: 'What stands after the question mark, for example `limit` and `20`.',
  },
  {
    key: 'headers',
    label: LABELS.headers,
    type: 'string',
    dict: true,
    required: false,
    helpText:
      'Rarely needed, for example `Version` and `2021-07-28` for a request of that version. Authorization and Host cannot be set: the connection sends its own.',
  },
  {
    key: 'body',
    label: LABELS.body,
    type: 'text',
    required: false,
    helpText: 'JSON, for example `{"tags": ["customer"]}`. Leave empty for GET.',
  },
  {
    key: 'stop_on_error',
    label: LABELS.stop,
    type: 'string',
    required: false,
    choices: YES_NO_CHOICES,
    helpText:
      'Choose No to go on when HighLevel refuses the request: "Status" and "Was Successful" then say how it went, but for 401 and 429, which Zapier handles itself. Leave empty, or choose Yes, to stop the Zap.',
  },
  {
    ...testMode,
    helpText:
      'Choose Yes to send nothing: the result shows the request as it would have been sent. Leave empty, or choose No, to send it.',
  },
]);

const perform = (async (z, bundle) => {
  const { inputData } = bundle;
  const test = isTest(z, inputData);
  const stopOnError = readYesNo(z, LABELS.stop, inputData.stop_on_error) ?? true;
  const written = {
    method: readMethod(z.errors, requiredText(z, LABELS.method, inputData.method)),
    path: requiredText(z, LABELS.path, inputData.path),
    query: readPairs(inputData.query),
    headers: readPairs(inputData.headers),
    body: readText(inputData.body) ?? '',
  };
  const highlevel = connect(z, bundle);
  const request = highlevel.api.prepare(written, LABELS);
  const answer = test ? null : await highlevel.api.send(request, stopOnError);
  const traceId = (answer?.data as { traceId?: unknown } | null | undefined)?.traceId;
  return marked(
    {
      status: answer?.status ?? null,
      is_success: answer ? answer.status < 300 : null,
      answer: answer?.data ?? null,
      answer_text: answer?.text || null,
      trace_id: typeof traceId === 'string' ? traceId : null,
      request: { method: request.method, url: request.url, body: request.body ?? null },
    },
    test,
  );
}) satisfies CreatePerform<typeof inputFields>;

function readMethod(errors: Errors, text: string): Method {
  const found = METHODS.find((method) => method === text.toUpperCase());
  if (found) return found;
  throw new errors.HaltedError(
    `${LABELS.method}: "${shortened(text)}" is not one that HighLevel takes. Choose ${METHODS.join(', ')}.`,
  );
}

/** Without the pairs that are empty: an earlier step had no value for them. */
function readPairs(pairs: Record<string, string> | undefined): Record<string, string> {
  const read = Object.entries(pairs ?? {}).map(
    ([key, value]) => [key.trim(), readText(value) ?? ''] as const,
  );
  return Object.fromEntries(read.filter(([key, value]) => key !== '' && value !== ''));
}

export default defineCreate({
  key: CREATE.apiRequest,
  noun: 'Request',
  display: {
    label: 'API Request',
    description: 'Sends a request of your own to HighLevel’s API, with the sign-in of this connection.',
  },
  operation: {
    perform,
    inputFields,
    outputFields: [
      { key: 'status', label: 'Status', type: 'integer' },
      { key: 'is_success', label: 'Was Successful', type: 'boolean' },
      { key: 'answer_text', label: 'Answer as Text', type: 'string' },
      { key: 'trace_id', label: 'Trace ID', type: 'string' },
      { key: 'request__method', label: 'Sent Method', type: 'string' },
      { key: 'request__url', label: 'Sent URL', type: 'string' },
      { key: 'request__body', label: 'Sent Body', type: 'string' },
      testOutput,
    ],
    sample: marked(
      {
        status: 201,
        is_success: true,
        answer: { tags: ['newsletter', 'customer'] },
        answer_text: '{"tags":["newsletter","customer"],"traceId":"0c52e980-41f6-4be7-8c4b-2fb8b4e2ac8f"}',
        trace_id: '0c52e980-41f6-4be7-8c4b-2fb8b4e2ac8f',
        request: {
          method: 'POST',
          url: 'https://services.leadconnectorhq.com/contacts/mTkSCb1UBjb5tk4OvB69/tags',
          body: '{"tags": ["customer"]}',
        },
      },
      false,
    ),
  },
});
