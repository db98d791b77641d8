import { useNavigate, useSearch } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../parts/Button.tsx';
import { STEPS } from './steps.ts';

const SEEN = 'workbench-tour-seen';

/** Six steps for someone who never saw it, beside the page and not over it, so that each can be done at once. */
export function Tour() {
  const { tour = 0 } = useSearch({ from: '__root__' });
  const navigate = useNavigate();
  const [seen, setSeen] = useState(() => localStorage.getItem(SEEN) !== null);
  const step = STEPS[tour - 1];
  const isLast = tour === STEPS.length;

  const leave = () => {
    localStorage.setItem(SEEN, 'yes');
    setSeen(true);
    document.getElementById('main')?.focus();
    void navigate({ to: '.', search: (before) => ({ ...before, tour: undefined }) });
  };
  const go = (number: number) => {
    const next = STEPS[number - 1];
    if (next) void navigate({ to: next.to, search: { tour: number } });
  };

  if (!step && seen) return null;
  return (
    <aside className="tour" aria-label="Tour">
      {/* A rule, as what it marks may be drawn later than this. */}
      {step && <style>{`[data-tour="${step.mark}"] { outline: 2px solid var(--accent); }`}</style>}
      <header>
        <p className="tour-count">{step ? `Step ${tour} of ${STEPS.length}` : 'New here?'}</p>
        <Button look="quiet" icon aria-label="Skip the tour" onPress={leave}>
          <X aria-hidden size={16} />
        </Button>
      </header>
      <div aria-live="polite">
        <h2>{step ? step.title : 'From a board to a running Zap in six steps'}</h2>
        <p>
          {step ? step.says : 'Everything here is on this machine. Nothing you do reaches a real account.'}
        </p>
      </div>
      <footer>
        {step && tour > 1 && <Button onPress={() => go(tour - 1)}>Back</Button>}
        {!step && <Button onPress={leave}>Skip</Button>}
        {/* One button all the way, so that the keyboard stays on it. */}
        <Button look="primary" onPress={() => (isLast ? leave() : go(step ? tour + 1 : 1))}>
          {isLast ? 'Done' : step ? 'Next' : 'Take the tour'}
        </Button>
      </footer>
    </aside>
  );
}
