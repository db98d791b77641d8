/** The operator's page: it asks for the token, shows the relay's lists, and does what the operator's routes can. */

import { button, buttons, code, duration, element, filtersText, time } from './dom.js';

const TOKEN = 'relay-admin-token';

const triesText = (tries) => (tries === 1 ? '1 try' : `${tries} tries`);

const recordOf = ({ opportunity_id, note_id, task_id }) => opportunity_id ?? note_id ?? task_id;

const byId = (id) => document.getElementById(id);

class NotTheOperator extends Error {}

async function ask(method, path, body) {
  const response = await fetch(path, {
    method,
    headers: {
      authorization: `Bearer ${sessionStorage.getItem(TOKEN) ?? ''}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  }).catch(() => {
    throw new Error('The relay does not answer.');
  });
  const text = await response.text();
  const answer = text === '' ? {} : JSON.parse(text);
  if (response.status === 401) throw new NotTheOperator(answer.message);
  if (!response.ok) throw new Error(answer.message ?? `The relay answered with status ${response.status}.`);
  return answer;
}

function subscriptionButtons({ id, event, locationId }) {
  const about = `${event} of ${locationId}`;
  return buttons(
    button(
      'Test',
      act(
        `Send a made-up ${event} to this Zap? It really runs.`,
        'Send it',
        () => ask('POST', `subscriptions/${id}/test`),
        'A test is on its way.',
      ),
      about,
    ),
    button(
      'End',
      act(
        'End this subscription? The Zap gets nothing more until it is turned off and on again.',
        'End it',
        () => ask('DELETE', `subscriptions/${id}`),
        'Ended.',
      ),
      about,
    ),
  );
}

/** The lists: where each is asked for, and what of a row stands in which column. */
const LISTS = {
  subscriptions: {
    path: 'subscriptions',
    key: 'subscriptions',
    empty: 'No subscription runs. A Zap with an instant trigger makes one when it is turned on.',
    columns: {
      Location: ({ locationId }) => code(locationId),
      Event: ({ event }) => event,
      Filters: ({ filters }) => filtersText(filters),
      Hook: ({ target }) => code(target),
      Since: ({ createdAt }) => time(createdAt),
      Waits: ({ waiting }) => (waiting ? `${waiting.count}` : '–'),
      '': subscriptionButtons,
    },
  },
  waiting: {
    path: 'waiting',
    key: 'subscriptions',
    empty: 'Nothing waits.',
    cut: 'These have waited longest. Others wait too: name a location to see its own.',
    columns: {
      Location: ({ locationId }) => code(locationId),
      Event: ({ event }) => event,
      Waits: ({ waiting }) => `${waiting.count}`,
      'Oldest of': ({ waiting }) => time(waiting.oldestAt),
      'Next try': ({ waiting }) => time(waiting.nextTryAt),
      Why: ({ waiting }) =>
        waiting.tries === 0 && !waiting.why
          ? 'not tried yet'
          : element('span', { class: 'bad' }, `${waiting.why ?? 'failed'}, ${triesText(waiting.tries)}`),
      '': subscriptionButtons,
    },
  },
  dead: {
    path: 'dead-letters',
    key: 'deadLetters',
    empty: 'No delivery was given up in the last 14 days.',
    columns: {
      Location: ({ body }) => code(body.location_id),
      Event: ({ body }) => body.event,
      Record: ({ body }) => code(recordOf(body)),
      'Given up': ({ diedAt }) => time(diedAt),
      Why: ({ why, tries }) => element('span', { class: 'bad' }, `${why}, ${triesText(tries)}`),
      '': ({ id, body }) =>
        buttons(
          button(
            'Send again',
            act(
              null,
              null,
              () => ask('POST', 'dead-letters/replay', { ids: [id] }),
              ({ replayed, ended }) =>
                replayed > 0
                  ? 'It is on its way again.'
                  : ended > 0
                    ? 'It was not sent: its Zap is off, or was turned off and on again since.'
                    : 'It is not in the list any more.',
            ),
            `${body.event} of ${recordOf(body)}`,
          ),
        ),
    },
  },
};

const current = () =>
  Object.hasOwn(LISTS, location.hash.slice(1)) ? location.hash.slice(1) : 'subscriptions';

/** Asks, does something, says what came of it and shows the list anew. */
function act(question, verb, work, done) {
  return async (event) => {
    if (question && !(await confirmed(question, verb))) return;
    const { target } = event;
    target.disabled = true;
    try {
      const answer = await work();
      await show();
      say(typeof done === 'function' ? done(answer) : done);
    } catch (error) {
      failed(error);
    } finally {
      target.disabled = false;
    }
  };
}

/** Each question has a dialog of its own: the browser tells late that one has closed, and the next may be open by then. */
function confirmed(question, verb) {
  const dialog = element(
    'dialog',
    { 'aria-label': question },
    element(
      'form',
      { method: 'dialog' },
      element('p', {}, question),
      buttons(
        element('button', { type: 'submit', value: 'no', autofocus: '' }, 'Cancel'),
        element('button', { type: 'submit', value: 'yes', class: 'danger' }, verb),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
  });
}

/** Sends all again: one call sends a part of very many. */
async function replayAll(which) {
  let total = 0;
  for (;;) {
    const { replayed, ended } = await ask('POST', 'dead-letters/replay', which);
    total += replayed;
    if (replayed === 0) return { replayed: total, ended };
  }
}

function say(text, isBad = false) {
  byId('said').textContent = text;
  byId('said').classList.toggle('bad', isBad);
}

function failed(error) {
  if (error instanceof NotTheOperator) {
    signOut(sessionStorage.getItem(TOKEN) ? error.message : '');
    return;
  }
  say(error.message, true);
}

function row(columns, data) {
  const cells = Object.entries(columns).map(([label, cell]) =>
    element('td', { 'data-label': label }, element('div', {}, cell(data))),
  );
  return element('tr', {}, ...cells);
}

let shown = 0;

/** Shows the list that the address names; `after` goes on where the page before ended. */
async function show(after = null) {
  const name = current();
  const list = LISTS[name];
  const turn = ++shown;
  for (const link of document.querySelectorAll('nav a')) {
    if (link.hash === `#${name}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const where = byId('location').value.trim();
  const query = new URLSearchParams({ ...(where ? { location: where } : {}), ...(after ? { after } : {}) });
  const [answer] = await Promise.all([ask('GET', `${list.path}?${query}`), overview()]);
  if (turn !== shown) return;
  const rows = answer[list.key];
  const body = after ? document.querySelector('tbody') : element('tbody');
  body.append(...rows.map((one) => row(list.columns, one)));
  if (!after)
    byId('list').replaceChildren(rows.length === 0 ? element('p', {}, list.empty) : table(name, list, body));
  if (answer.isMore) byId('list').append(element('p', {}, list.cut));
  const more = byId('more');
  more.hidden = !answer.next;
  more.onclick = () => show(answer.next).catch(failed);
  byId('replay-all').hidden = name !== 'dead' || rows.length === 0;
}

function table(name, { columns }, body) {
  const heads = Object.keys(columns).map((label) =>
    element('th', { scope: 'col' }, label || element('span', { class: 'quiet' }, 'Do')),
  );
  const title = document.querySelector(`nav a[href="#${name}"]`).textContent;
  return element(
    'table',
    {},
    element('caption', {}, title),
    element('thead', {}, element('tr', {}, ...heads)),
    body,
  );
}

async function overview() {
  const { version, inbox, deliveries, dead, subscriptions, failing, endedThisHour } = await ask(
    'GET',
    'overview',
  );
  byId('version').textContent = `version ${version}`;
  const ended = (endedThisHour.gone ?? 0) + (endedThisHour.uninstalled ?? 0) + (endedThisHour.unproved ?? 0);
  const facts = [
    ['Subscriptions', subscriptions],
    ['Events to process', inbox.count, inbox.oldestAgeMs > 15_000],
    ['Deliveries that wait', deliveries.count],
    ['The oldest for', duration(deliveries.oldestAgeMs)],
    ['Hooks that keep failing', failing, failing > 0],
    ['Given up', dead, dead > 0],
    ['Ended this hour', ended, ended > 0],
  ];
  byId('overview').replaceChildren(
    ...facts.map(([name, value, isBad]) =>
      element('div', {}, element('dt', {}, name), element('dd', isBad ? { class: 'bad' } : {}, `${value}`)),
    ),
  );
}

function signOut(why = '') {
  sessionStorage.removeItem(TOKEN);
  byId('inside').hidden = true;
  byId('sign-out').hidden = true;
  byId('sign-in').hidden = false;
  byId('version').textContent = '';
  byId('token').value = '';
  byId('token-error').textContent = why ? 'The relay does not take this token.' : '';
  byId('token').focus();
}

async function open() {
  if (!sessionStorage.getItem(TOKEN)) {
    signOut();
    return;
  }
  try {
    await show();
    byId('sign-in').hidden = true;
    byId('inside').hidden = false;
    byId('sign-out').hidden = false;
  } catch (error) {
    if (error instanceof NotTheOperator) {
      failed(error);
      return;
    }
    byId('inside').hidden = false;
    failed(error);
  }
}

/** A link may bring the token behind the #, which no server sees. */
function tokenFromLink() {
  const given = location.hash.match(/^#token=(.+)$/)?.[1];
  if (!given) return;
  sessionStorage.setItem(TOKEN, decodeURIComponent(given));
  history.replaceState(null, '', location.pathname);
}

byId('token-form').addEventListener('submit', (event) => {
  event.preventDefault();
  sessionStorage.setItem(TOKEN, byId('token').value);
  void open();
});
byId('sign-out').addEventListener('click', () => signOut());
byId('filter').addEventListener('submit', (event) => {
  event.preventDefault();
  show().then(() => say(''), failed);
});
byId('refresh').addEventListener('click', () => show().then(() => say('As of now.'), failed));
byId('replay-all').addEventListener('click', (event) => {
  const where = byId('location').value.trim();
  void act(
    `Send all deliveries that were given up${where ? ` in location ${where}` : ''} again? Zaps may get changes that were dealt with all the same.`,
    'Send them',
    () => replayAll(where ? { locationId: where } : {}),
    ({ replayed, ended }) =>
      `${replayed} are on their way again.${
        ended > 0 ? ` ${ended} were not sent: their Zaps are off, or were turned off and on again since.` : ''
      }`,
  )(event);
});
window.addEventListener('hashchange', () => {
  say('');
  show().catch(failed);
});

tokenFromLink();
void open();
