/** The definition as Zapier keeps it: what core's `definition` command returns, with its field functions asked. */
export interface Definition {
  platformVersion?: string;
  flags?: { cleanInputData?: boolean };
  authentication?: { type: string; connectionLabel?: string; fields?: Field[] };
  triggers?: Record<string, Operation>;
  creates?: Record<string, Operation>;
  searches?: Record<string, Operation>;
  searchOrCreates?: Record<string, SearchOrCreate>;
}

export interface Operation {
  key: string;
  noun: string;
  display: { label: string; description: string; hidden?: boolean };
  operation: {
    type?: string;
    inputFields?: Field[];
    inputFieldGroups?: { key: string; label?: string }[];
    outputFields?: Field[];
    sample?: Record<string, unknown>;
    cleanInputData?: boolean;
    performList?: unknown;
    performSubscribe?: unknown;
    performUnsubscribe?: unknown;
  };
}

export interface Field {
  key: string;
  label?: string;
  type?: string;
  required?: boolean;
  list?: boolean;
  dict?: boolean;
  children?: Field[];
  helpText?: string;
  placeholder?: string;
  default?: string;
  dynamic?: string;
  search?: string;
  /** Labels by value. */
  choices?: Record<string, string>;
  /** Whether the account's own fields stand among its choices besides. */
  hasOwnChoices?: boolean;
  group?: string;
  primary?: boolean;
  computed?: boolean;
  /** One of the person's own fields: its key and label are the connected account's. */
  ofAccount?: boolean;
}

export interface SearchOrCreate {
  key: string;
  display: { label: string; description: string };
  search: string;
  create: string;
  update?: string;
  updateInputFromSearchOutput?: Record<string, string>;
  searchUniqueInputToOutputConstraint?: Record<string, unknown>;
}

export const SHELVES = ['triggers', 'creates', 'searches'] as const;
export type Shelf = (typeof SHELVES)[number];

/** An operation with the place it stands at, for example `triggers.new_opportunity`. */
export interface Placed extends Operation {
  shelf: Shelf;
  mapKey: string;
  place: string;
}

/** Every operation of the app, or of one shelf. */
export function operationsOf(app: Definition, ...shelves: Shelf[]): Placed[] {
  return (shelves.length > 0 ? shelves : SHELVES).flatMap((shelf) =>
    Object.entries(app[shelf] ?? {}).map(([mapKey, operation]) => ({
      ...operation,
      shelf,
      mapKey,
      place: `${shelf}.${mapKey}`,
    })),
  );
}

/** What people see of each operation, and of each find-or-create step. */
export function displaysOf(app: Definition): { display: Operation['display']; place: string }[] {
  const pairs = Object.entries(app.searchOrCreates ?? {});
  return [
    ...operationsOf(app),
    ...pairs.map(([mapKey, { display }]) => ({ display, place: `searchOrCreates.${mapKey}` })),
  ];
}

export const inputsOf = ({ operation }: Operation): Field[] => operation.inputFields ?? [];
export const outputsOf = ({ operation }: Operation): Field[] => operation.outputFields ?? [];

/** What the definition itself cannot know and a rule asks for. */
export interface Facts {
  /** The version of zapier-platform-core in package.json. */
  coreVersion: string;
  /** `triggers/new_opportunity.ts` and its like. */
  files: string[];
}
