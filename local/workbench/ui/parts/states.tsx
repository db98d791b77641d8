import { CircleAlert, Inbox } from 'lucide-react';
import type { ReactNode } from 'react';

/** What stands where there is nothing yet, with what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="state">
      <Inbox aria-hidden size={28} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

interface ProblemProps {
  title: string;
  message: string;
  /** Whether nothing else is on the page. */
  page?: boolean;
  children?: ReactNode;
}

/** What stands where something could not be shown. */
export function Problem({ title, message, page = false, children }: ProblemProps) {
  const Heading = page ? 'h1' : 'h2';
  return (
    <div className="state" role="alert">
      <CircleAlert aria-hidden size={28} />
      <Heading>{title}</Heading>
      <p>{message}</p>
      {children}
    </div>
  );
}

/** Something is on its way. @param what is read aloud and shown */
export function Loading({ what = 'Loading' }: { what?: string }) {
  return (
    <div className="state" role="status">
      <span className="spinner" aria-hidden />
      <p>{what}…</p>
    </div>
  );
}
