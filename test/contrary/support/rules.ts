/** What may be otherwise under a contrary answer, by rule; and the few exceptions, each with its reason. */

import type { Difference } from './differences.ts';

/** One situation of an operation under one contrary answer. */
export interface Cell {
  /** The operation's key. */
  key: string;
  situation: string;
  /** The contrary answer. */
  answer: string;
}

interface Rule {
  why: string;
  /** The contrary answers that it is for; all of them if absent. */
  answers?: RegExp;
  /** The operations that it is for; all of them if absent. */
  operations?: RegExp;
  excuses(difference: Difference, answer: unknown, cell: Cell): boolean;
}

const NAME =
  /(^|[.\]_])(pipeline_name|stage_name|stage_name_before|owner_name|owner_email|author_name|lost_reason_name|from_name|to_name)$/;
const TOLD = /(^|\.|\])(custom_fields(\.|$)|lost_reason_(id|name)$)/;
/** What neither a read by id nor the answer to a creation has. */
const ROW_ALONE = /(^|[.\]])(effective_probability|first_attribution|last_attribution|further_contacts)$/;
/** Lists that cannot be had; that of users takes the sub-account's agency, which a private token does not name. */
const LIST = /^((users|lost-reasons|custom-fields|pipelines)-(\d+|odd)|location-401)$/;

const isNothing = (value: unknown) => value === null || value === undefined;
const asText = (value: unknown) => (Array.isArray(value) ? value.map(String).join() : String(value));
const isSameValue = (a: unknown, b: unknown) =>
  asText(a) === asText(b) || (typeof a === 'number' && a === Number(b)) || (isNothing(a) && isNothing(b));

const RULES: Rule[] = [
  {
    why: 'a name is null where the list of names cannot be had',
    answers: LIST,
    excuses: ({ path, after }) => NAME.test(path) && after === null,
  },
  {
    why: 'what HighLevel does not tell is left out, and not null',
    answers: /without-fields$|^custom-fields-object$|^put-answer-lost$/,
    excuses: ({ path, after }) => TOLD.test(path) && after === undefined,
  },
  {
    why: 'that there is nothing to tell only the row of the search says, which cannot be read or is late',
    answers: /^(null-row|row-without-id|search-index-late)$/,
    excuses: ({ path, before, after }) => TOLD.test(path) && before === null && after === undefined,
  },
  {
    why: 'without the list of fields only those with a value are known, and a value is what HighLevel gives',
    answers: /^custom-fields-(\d+|odd)$/,
    excuses: ({ path, before, after }) => TOLD.test(path) && isSameValue(before, after),
  },
  {
    why: 'a row that cannot be told from others is left out, at most one a page',
    answers: /^(null-row|row-without-id)$/,
    excuses: ({ path, after }, answer) => path.endsWith('[]') && after === undefined && isList(answer),
  },
  {
    why: 'a number that leaves something out says so beside it',
    excuses: ({ path }, answer, cell) =>
      /list_opportunities|summarize_opportunities/.test(cell.key) &&
      !path.startsWith('written') &&
      saysIncomplete(answer),
  },
  {
    why: 'what is saved is said',
    answers: /^source-accepted$/,
    excuses: ({ path, before }) =>
      /(^|\.)(source|notice)$/.test(path) && (before === null || /left out/.test(String(before))),
  },
  {
    why: 'a person’s own request gives back what HighLevel answers, and says whether that was a refusal',
    operations: /^api_request$/,
    excuses: ({ path, after }, answer) =>
      /^(answer|answer_text|status)\b/.test(path) ||
      (path === 'is_success' && after === false) ||
      (path.startsWith('written') && (answer as { is_success?: boolean }).is_success === false),
  },
];

const EXCEPTIONS: Rule[] = [
  {
    why: 'the association has that id then',
    answers: /^association-own-id$/,
    operations: /^add_opportunity_contact$/,
    excuses: ({ path }) => path.startsWith('written .relations') || /^relations .*associationId$/.test(path),
  },
  {
    why: 'the connection is good all the same, and is called by what it is',
    answers: /^location-401$/,
    operations: /^(test|authorize_and_exchange)$/,
    excuses: ({ path, after }) =>
      (path === 'name' && after === 'HighLevel sub-account') || (path === 'timezone' && after === undefined),
  },
  {
    why: 'what was granted is what is kept',
    answers: /^grants-all-scopes$/,
    excuses: ({ path }) => path === 'scope',
  },
  {
    why: 'the note’s answer may be lost too, which is no reason to run the whole step again, and is said',
    answers: /^post-answer-/,
    operations: /^create_contact_and_opportunity$/,
    excuses: ({ path, after }) =>
      path === 'notice' && /did not answer whether it was added/.test(String(after)),
  },
  {
    why: 'what is told of the time before is told of the time before the last try',
    answers: /^(post|put)-answer-/,
    operations: /^(create|update)_/,
    excuses: ({ path }, _answer, { situation }) => /_before$/.test(path) && situation.endsWith('on replay'),
  },
  {
    why: 'the earlier try is the contact’s last change',
    answers: /^post-answer-/,
    operations: /^add_contact_tags$/,
    excuses: ({ path }) => path === 'updated_at',
  },
  {
    why: 'only a row of the search has it, and the record comes from another read here',
    excuses: ({ path, before, after }) => ROW_ALONE.test(path) && (isNothing(before) || isNothing(after)),
  },
  {
    why: 'the id stands for a follower whose name is not known',
    answers: LIST,
    operations: /followers$/,
    excuses: ({ path }) => path === 'follower_names',
  },
  {
    why: 'it counts the requests of this test too',
    operations: /^get_api_usage$/,
    excuses: ({ path }) => /(remaining|used|used_percent)$/.test(path),
  },
  {
    why: 'another search takes more requests',
    operations: /^summarize_opportunities$/,
    excuses: ({ path }) => /search_requests$/.test(path),
  },
  {
    why: 'this answer changes the value itself',
    answers: /^boolean-field-value$/,
    excuses: ({ path, after }) =>
      /(^|[.\]])custom_fields\./.test(path) && (asText(after) === 'true' || after === 1),
  },
  {
    why: 'HighLevel shows another value than it filtered by, and what it shows counts',
    answers: /^boolean-field-value$/,
    operations: /^find_opportunity$/,
    excuses: ({ path, after }, _answer, { situation }) =>
      path === '[]' && after === undefined && situation.endsWith('custom field'),
  },
  {
    why: 'a stage in which nothing stands is known to the list alone, and so is the order of the stages',
    answers: /^pipelines-/,
    operations: /^summarize_opportunities$/,
    excuses: ({ path, before }) =>
      path.endsWith('stages order') ||
      (path.endsWith('stages[]') && (before as { open_count?: number }).open_count === 0),
  },
  {
    why: 'the label of a choice goes without the name that is not known',
    answers: LIST,
    operations: /_list$/,
    excuses: ({ path }) => /label$/.test(path),
  },
  {
    why: 'the newest opportunities stand in for the latest changed ones, in the order of their creation',
    answers: /^search-(post|filter)-/,
    operations: /^(stage_changed|status_changed|stale_opportunity|opportunity_changed)$/,
    excuses: ({ path }) => /(^| )order$/.test(path),
  },
  {
    why: 'any recent ones do for a sample',
    answers: /^(search-post-|null-row|row-without-id)/,
    operations: /_instant$/,
    excuses: ({ path }, _answer, { situation }) =>
      (path === '[]' || path === 'order') && situation.startsWith('samples'),
  },
  {
    why: 'a person scrolls through a list in whatever order it comes',
    answers: /^search-ignores-order$/,
    operations: /^opportunity_list$/,
    excuses: ({ path }) => path === 'order' || path === '[]',
  },
  {
    why: 'without a list its ids stand for names, as each line of a summary needs something to stand for what it is about',
    answers: LIST,
    operations: /^summarize_opportunities$/,
    excuses: ({ path, after }) =>
      /_name$/.test(path)
        ? after === null || /^[\w-]{20,36}$/.test(String(after))
        : /(text|markdown)$/.test(path),
  },
  {
    why: 'nobody counts, and the result says null for that as its help does',
    answers: /^search-without-meta$/,
    operations: /^list_opportunities$/,
    excuses: ({ path, after }) => path.endsWith('matching_count') && after === null,
  },
  {
    why: 'a lost reason that was deleted can be chosen for nothing new',
    answers: /^lost-reasons-deleted$/,
    operations: /^lost_reason_list$/,
    excuses: ({ after }) => after === undefined,
  },
];

/** Why a difference is as it should be; null where it is not. */
export function excuseOf(cell: Cell, difference: Difference, answer: unknown): string | null {
  const rule = [...RULES, ...EXCEPTIONS].find(
    ({ answers, operations, excuses }) =>
      (answers?.test(cell.answer) ?? true) &&
      (operations?.test(cell.key) ?? true) &&
      excuses(difference, answer, cell),
  );
  return rule?.why ?? null;
}

interface Stop {
  why: string;
  answers: RegExp;
  says: RegExp;
  situations?: RegExp;
  operations?: RegExp;
}

const STOPS: Stop[] = [
  { why: 'nothing can be asked of HighLevel', answers: /^html-/, says: /not its API/ },
  { why: 'nothing can be asked in this version', answers: /^v3-401$/, says: /HIGHLEVEL_API_VERSION/ },
  {
    why: 'the list is what was asked for, or a name is to be found in it',
    answers: LIST,
    operations: /^(pipeline_list|stage_list|user_list|lost_reason_list|find_user|find_pipeline_stage)$/,
    says: /could not (list the (pipelines|users|lost reasons)|read the sub-account)/,
  },
  {
    why: 'how a value of a custom field is written and compared, the list alone tells',
    answers: /^custom-fields-/,
    says: /could not list the custom fields/,
  },
  {
    why: 'the first stage of another pipeline is in the list alone',
    answers: /^pipelines-/,
    operations: /^update_opportunity$/,
    says: /could not list the pipelines/,
  },
  {
    why: 'a lost reason that was deleted can be chosen for nothing new',
    answers: /^lost-reasons-deleted$/,
    operations: /^(create|update)_/,
    says: /there is no lost reason called/,
  },
  {
    why: 'HighLevel does not take such a contact',
    answers: /^contact-needs-address$/,
    situations: /a name alone/,
    says: /"Email" or phone should not be empty/,
  },
  {
    why: 'HighLevel does not take another opportunity, and the one that is there is none that the step is about',
    answers: /^duplicate-any-pipeline$/,
    says: /already has an opportunity, of another pipeline: .* To change that one, use Update Opportunity/,
  },
  {
    why: 'HighLevel does not tell what was asked',
    answers: /^no-rate-headers$/,
    operations: /^get_api_usage$/,
    says: /did not say how much of the allowance is left/,
  },
  {
    why: 'the sub-account itself is what was asked for',
    answers: /^location-401$/,
    operations: /^(api_request|summarize_opportunities)$/,
    says: /lacks the permission View Locations/,
  },
  {
    why: 'whether an earlier run began the workflow cannot be found out, and begun twice it would be wrong',
    answers: /^post-answer-/,
    operations: /^add_to_workflow$/,
    says: /it may have been done\. It was not sent again/,
  },
  {
    why: 'whether what is sought is among the rows cannot be told',
    answers: /^(null-row|row-without-id)$/,
    operations: /^find_opportunity$/,
    says: /without an ID/,
  },
];

/** Whether an operation may stop under an answer, with this sentence. */
export function mayStop({ answer, key, situation }: Cell, said: string): boolean {
  return STOPS.some(
    ({ answers, says, situations, operations }) =>
      answers.test(answer) &&
      says.test(said) &&
      (situations?.test(situation) ?? true) &&
      (operations?.test(key) ?? true),
  );
}

function isList(answer: unknown): boolean {
  return Array.isArray(answer);
}

function saysIncomplete(answer: unknown): boolean {
  const [one] = [answer].flat() as { is_complete?: unknown }[];
  return one?.is_complete === false;
}
