interface TourStep {
  title: string;
  says: string;
  /** The page that it is about. */
  to: '/highlevel' | '/connect' | '/zaps' | '/runs' | '/wire';
  /** The `data-tour` of what is marked there. */
  mark: string;
}

export const STEPS: TourStep[] = [
  {
    title: 'This is HighLevel',
    says: 'A pipeline is a board, and each card is an opportunity: a contact, what it is worth, who owns it. Drag one to another stage, or open it and change it.',
    to: '/highlevel',
    mark: 'board',
  },
  {
    title: 'Connect it to Zapier',
    says: 'Zapier asks HighLevel for permission on HighLevel’s own page. Press Connect, choose the sub-account, allow access.',
    to: '/connect',
    mark: 'connect',
  },
  {
    title: 'Build a Zap',
    says: 'Press New Zap. Choose a trigger, such as “Opportunity Stage Changed (Instant)”, fill in its fields, and test it to see real data.',
    to: '/zaps',
    mark: 'new-zap',
  },
  {
    title: 'Give it something to do',
    says: 'Add an action below the trigger, such as Create Task. The + beside a field maps a value of an earlier step into it. Test it, then turn the Zap on.',
    to: '/zaps',
    mark: 'nav/zaps',
  },
  {
    title: 'Set it off',
    says: 'Go back to the board and drag a card to the stage that the trigger waits for. An instant trigger hears of it within a second.',
    to: '/highlevel',
    mark: 'board',
  },
  {
    title: 'Watch it run',
    says: 'Each run shows what came in and what went out of every step. The Wire page shows each request and webhook behind it, and Faults makes things go wrong.',
    to: '/runs',
    mark: 'runs',
  },
];
