import { GripVertical } from 'lucide-react';
import {
  Button,
  GridList,
  GridListItem,
  ListLayout,
  useDragAndDrop,
  Virtualizer,
} from 'react-aria-components';
import { age, amount, count, initials } from '../parts/format.ts';
import type { Card } from './types.ts';

interface Props {
  stage: { id: string; name: string };
  cards: Card[];
  /** HighLevel's clock, in ms. */
  now: number;
  isLoading: boolean;
  onOpen: (id: string) => void;
  onMove: (ids: string[]) => void;
}

const DRAG_TYPE = 'workbench-opportunity';
const LAYOUT = { rowHeight: 100, gap: 8, padding: 8 };

/** A stage with its cards; only those in sight are drawn, however many there are. */
export function Column({ stage, cards, now, isLoading, onOpen, onMove }: Props) {
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) =>
      [...keys].map((key) => ({
        [DRAG_TYPE]: String(key),
        'text/plain': cards.find(({ id }) => id === key)?.name ?? '',
      })),
    acceptedDragTypes: [DRAG_TYPE],
    getDropOperation: () => 'move',
    async onRootDrop({ items }) {
      const dropped = items.filter((item) => item.kind === 'text');
      onMove(await Promise.all(dropped.map((item) => item.getText(DRAG_TYPE))));
    },
  });
  const sum = cards.reduce((total, { monetaryValue }) => total + monetaryValue, 0);
  return (
    <section className="column" aria-labelledby={`stage-${stage.id}`}>
      <header className="column-head">
        <h2 id={`stage-${stage.id}`}>{stage.name}</h2>
        <p>
          <span>{count(cards.length, 'card')}</span>
          <span>{amount(sum)}</span>
        </p>
      </header>
      <Virtualizer layout={ListLayout} layoutOptions={LAYOUT}>
        <GridList
          aria-label={stage.name}
          className="cards"
          items={cards}
          dependencies={[now]}
          dragAndDropHooks={dragAndDropHooks}
          onAction={(key) => onOpen(String(key))}
          renderEmptyState={() => <p className="column-empty">{isLoading ? 'Reading…' : 'No cards here'}</p>}
        >
          {(card) => <CardItem card={card} now={now} />}
        </GridList>
      </Virtualizer>
    </section>
  );
}

function CardItem({ card, now }: { card: Card; now: number }) {
  return (
    <GridListItem id={card.id} textValue={`${card.name}, ${card.contact}`} className="card">
      <div className="card-title">
        <span className="card-name">{card.name}</span>
        <Button slot="drag" className="card-grip">
          <GripVertical aria-hidden size={16} />
        </Button>
      </div>
      <span className="card-contact">{card.contact}</span>
      <div className="card-foot">
        <span className="card-value">{amount(card.monetaryValue)}</span>
        {card.status !== 'open' && <span className={`badge badge-${card.status}`}>{card.status}</span>}
        <span className="card-age" title="How long it has been in this stage">
          {age(now - card.since)}
        </span>
        {card.owner ? (
          <span className="avatar" title={card.owner}>
            <span aria-hidden>{initials(card.owner)}</span>
            <span className="unseen">{card.owner}</span>
          </span>
        ) : (
          <span className="avatar avatar-none" title="No owner">
            <span className="unseen">No owner</span>
          </span>
        )}
      </div>
    </GridListItem>
  );
}
