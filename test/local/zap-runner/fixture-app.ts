import zapier, { type Bundle, type ZObject } from 'zapier-platform-core';

/**
 * A whole Zapier app over the CRM of fixture-crm.ts, small enough to be read at once: what the runner is
 * tested against, since it must know nothing of any particular app. Each call makes new functions, as core
 * tells operations apart by their functions.
 */
export function fixtureApp(origin: string): object {
  const fetchItems = async (z: ZObject, bundle: Bundle) =>
    (await z.request({ url: `${origin}/items`, params: { loading: String(bundle.meta.isLoadingSample) } }))
      .data;

  const hydrators = {
    offer: async (z: ZObject, bundle: Bundle) =>
      z.stashFile(`Offer ${bundle.inputData.id}`, undefined, 'offer.txt', 'text/plain'),
    details: async (z: ZObject, bundle: Bundle<{ id: string }>) =>
      (await z.request({ url: `${origin}/details/${bundle.inputData.id}` })).data,
  };
  const operation = (key: string, rest: object) => ({
    key,
    noun: 'Item',
    display: { label: `The ${key}`, description: 'Does what its name says.' },
    operation: rest,
  });

  const triggers = [
    operation('item_changed', {
      type: 'polling',
      inputFields: [{ key: 'status' }],
      perform: async (z: ZObject, bundle: Bundle) => {
        const rows = await fetchItems(z, bundle);
        return rows.map((row: { id: string }) => ({
          ...row,
          details: z.dehydrate(hydrators.details, { id: row.id }),
          offer: z.dehydrateFile(hydrators.offer, { id: row.id }),
        }));
      },
      sample: { id: '1', changed_at: 't1' },
      outputFields: [
        { key: 'id', primary: true },
        { key: 'changed_at', primary: true },
        async () => [{ key: 'status', sample: 'New' }, { key: 'note' }],
      ],
    }),
    operation('item_changed_instant', {
      type: 'hook',
      performSubscribe: async (z: ZObject, bundle: Bundle) =>
        (await z.request({ url: `${origin}/hooks`, method: 'POST', body: { url: bundle.targetUrl } })).data,
      performUnsubscribe: async (z: ZObject, bundle: Bundle) =>
        (await z.request({ url: `${origin}/hooks/${bundle.subscribeData?.id}`, method: 'DELETE' })).data,
      perform: async (z: ZObject, bundle: Bundle) => {
        if (bundle.cleanedRequest.slow) await z.request(`${origin}/throttled`);
        if (bundle.cleanedRequest.skip) return [];
        if (bundle.cleanedRequest.broken) throw new z.errors.Error('It cannot be read.');
        const signature = bundle.rawRequest?.headers?.['Http-X-Signature'];
        return [{ ...bundle.cleanedRequest, signature, subscription: bundle.subscribeData?.id }];
      },
      performList: fetchItems.bind(null) as typeof fetchItems,
      sample: { id: '1', changed_at: 't1' },
    }),
    operation('stage_list', {
      perform: async (_z: ZObject, bundle: Bundle) => {
        if (!bundle.meta.isFillingDynamicDropdown) return [];
        return ['New', 'Won', 'Lost'].map((name) => ({ id: `${bundle.meta.page}-${name}`, name }));
      },
      canPaginate: true,
      sample: { id: '1', name: 'New' },
    }),
    operation('cursored', {
      canPaginate: true,
      perform: async (z: ZObject) => {
        const cursor = await z.cursor.get();
        await z.cursor.set(`${cursor ?? ''}x`);
        return [{ id: String(cursor) }];
      },
      sample: { id: '1' },
    }),
  ];

  const creates = [
    operation('create_item', {
      inputFields: [
        { key: 'name', label: 'Name', required: true },
        { key: 'value', type: 'number' },
        { key: 'note' },
        { key: 'tags', list: true },
        { key: 'source', default: 'zap' },
        async (_z: ZObject, bundle: Bundle) =>
          bundle.inputData.name ? [{ key: 'custom', meta: { hash: 'h1' } }] : [],
      ],
      perform: async (z: ZObject, bundle: Bundle) => {
        const { inputFields: meta, withSearch } = bundle.meta;
        const body = { ...bundle.inputData, meta, withSearch };
        return (await z.request({ url: `${origin}/items`, method: 'POST', body })).data;
      },
      performGet: async (z: ZObject, bundle: Bundle) =>
        (await z.request({ url: `${origin}/items/${bundle.inputData.id}` })).data,
      sample: { id: '1' },
    }),
    operation('update_item', {
      inputFields: [
        { key: 'id', required: true },
        { key: 'value', type: 'number' },
      ],
      perform: async (z: ZObject, bundle: Bundle) =>
        (
          await z.request({
            url: `${origin}/items/${bundle.inputData.id}`,
            method: 'PUT',
            body: bundle.inputData,
          })
        ).data,
      sample: { id: '1' },
    }),
    operation('locked', {
      inputFields: [{ key: 'name', required: true }],
      lock: { key: 'locked-{{bundle.inputData.name}}' },
      // Looks first, as long as it takes, and creates what is not there.
      perform: async (z: ZObject, bundle: Bundle) => {
        const { name } = bundle.inputData;
        const found = (await z.request({ url: `${origin}/items`, params: { name: String(name) } })).data;
        if (Array.isArray(found) && found[0]) return found[0];
        return (await z.request({ url: `${origin}/items`, method: 'POST', body: { name } })).data;
      },
      sample: { id: '1' },
    }),
    operation('read_file', {
      inputFields: [{ key: 'file', type: 'file' }],
      perform: async (z: ZObject, bundle: Bundle) => {
        const response = await z.request({ url: String(bundle.inputData.file) });
        return { text: response.content, named: response.getHeader('content-disposition') };
      },
      sample: { text: 'a' },
    }),
    operation('throttled', {
      inputFields: [{ key: 'name' }],
      perform: async (z: ZObject) => (await z.request(`${origin}/throttled`)).data,
      sample: { id: '1' },
    }),
    operation('failing', {
      inputFields: [{ key: 'how' }],
      perform: async (z: ZObject, bundle: Bundle) => {
        if (bundle.inputData.how === 'halt') throw new z.errors.HaltedError('There is one already.');
        if (bundle.inputData.how === 'app') throw new z.errors.Error('The stage is closed.', 'CLOSED', 422);
        if (bundle.inputData.how === 'expired') throw new z.errors.ExpiredAuthError('Connect anew.');
        if (bundle.inputData.how === 'hang') await new Promise(() => undefined);
        return (await z.request(`${origin}/status/404`)).data;
      },
      sample: { id: '1' },
    }),
    operation('echo', {
      inputFields: [{ key: 'text' }],
      perform: async (_z: ZObject, bundle: Bundle) => ({ bundle: JSON.stringify(bundle) }),
      sample: { id: '1' },
    }),
    operation('remember', {
      inputFields: [{ key: 'key' }, { key: 'value' }, { key: 'ttl', type: 'integer' }, { key: 'mode' }],
      perform: async (z: ZObject, bundle: Bundle) => {
        const { key, value, ttl, mode } = bundle.inputData as {
          key: string;
          value: string;
          ttl?: number;
          mode?: string;
        };
        const scope = mode === 'app' ? undefined : ['auth'];
        const get = z.cache.get as (key: string, scope?: string[]) => Promise<unknown>;
        const set = value
          ? await z.cache.set(key, value, ttl, scope, mode === 'nx' ? true : undefined)
          : 'not asked';
        return { set, value: await get(key, scope) };
      },
      sample: { value: '1' },
    }),
  ];

  const find = async (z: ZObject, bundle: Bundle) =>
    (await z.request({ url: `${origin}/items`, params: { name: String(bundle.inputData.name ?? '') } })).data;
  const searches = [
    operation('find_item', {
      inputFields: [{ key: 'name' }],
      perform: find,
      sample: { id: '1', name: 'a' },
      outputFields: [{ key: 'id' }, { key: 'name' }],
    }),
    operation('find_and_update', {
      inputFields: [{ key: 'name' }],
      perform: async (z: ZObject, bundle: Bundle) => find(z, bundle),
      sample: { id: '1', name: 'a' },
      outputFields: [{ key: 'id' }, { key: 'name' }],
    }),
  ];
  const pair = (search: string, rest: object = {}) => ({
    key: search,
    display: { label: 'Find or Create', description: 'Finds one or creates it.' },
    search,
    create: 'create_item',
    ...rest,
  });
  const byKey = (list: { key: string }[]) => Object.fromEntries(list.map((item) => [item.key, item]));

  return {
    version: '1.0.0',
    platformVersion: zapier.version,
    flags: { cleanInputData: false },
    authentication: {
      type: 'oauth2',
      test: { url: `${origin}/me` },
      fields: [
        { key: 'region', required: false },
        { key: 'account_id', computed: true },
      ],
      connectionLabel: '{{name}} ({{account_id}})',
      oauth2Config: {
        authorizeUrl: {
          url: `${origin}/authorize`,
          params: {
            state: '{{bundle.inputData.state}}',
            redirect_uri: '{{bundle.inputData.redirect_uri}}',
            response_type: 'code',
            region: '{{bundle.inputData.region}}',
          },
        },
        getAccessToken: async (z: ZObject, bundle: Bundle) => {
          const { code, region } = bundle.inputData;
          const account = bundle.cleanedRequest.querystring.account;
          return (
            await z.request({ url: `${origin}/token`, method: 'POST', body: { code, region, account } })
          ).data;
        },
        refreshAccessToken: async (z: ZObject, bundle: Bundle) =>
          (
            await z.request({
              url: `${origin}/token`,
              method: 'POST',
              body: { refresh_token: bundle.authData.refresh_token },
            })
          ).data,
        autoRefresh: true,
        scope: 'items',
      },
    },
    beforeRequest: [
      (request: { url: string; headers?: Record<string, string> }, _z: ZObject, bundle: Bundle) => {
        if (request.url.endsWith('/token')) return request;
        return {
          ...request,
          headers: { ...request.headers, authorization: `Bearer ${bundle.authData.access_token}` },
        };
      },
    ],
    hydrators,
    triggers: byKey(triggers),
    creates: byKey(creates),
    searches: byKey(searches),
    searchOrCreates: {
      find_item: pair('find_item'),
      find_and_update: pair('find_and_update', {
        update: 'update_item',
        updateInputFromSearchOutput: { id: 'id' },
        searchUniqueInputToOutputConstraint: { name: 'name' },
      }),
    },
  };
}
