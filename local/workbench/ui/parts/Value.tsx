import { Link } from '@tanstack/react-router';

const OPPORTUNITY = /^https:\/\/[^/]+\/v2\/location\/([^/]+)\/opportunities\/list\?opportunity=([^&]+)$/;
const CONTACT = /^https:\/\/[^/]+\/v2\/location\/([^/]+)\/contacts\/detail\/([^/?]+)$/;

/** A value of an output. A link into HighLevel opens the record here, as the sandbox is what is connected. */
export function Value({ text }: { text: string }) {
  if (text === '') return <span className="none">empty</span>;
  const opportunity = OPPORTUNITY.exec(text);
  if (opportunity) {
    const id = decodeURIComponent(opportunity[2] ?? '');
    return (
      <Link to="/highlevel" search={{ opportunity: id }}>
        {text}
      </Link>
    );
  }
  const contact = CONTACT.exec(text);
  if (contact) {
    const [location = '', id = ''] = contact.slice(1).map(decodeURIComponent);
    return (
      <Link to="/v2/location/$location/contacts/detail/$contact" params={{ location, contact: id }}>
        {text}
      </Link>
    );
  }
  return <span>{text}</span>;
}
