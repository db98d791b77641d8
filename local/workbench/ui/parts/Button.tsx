import { Button as AriaButton, type ButtonProps } from 'react-aria-components';

interface Props extends ButtonProps {
  look?: 'primary' | 'plain' | 'quiet' | 'danger';
  /** An icon alone, which then needs an `aria-label`. */
  icon?: boolean;
}

/** A button in one of the few looks that the pages use. */
export function Button({ look = 'plain', icon = false, ...props }: Props) {
  return <AriaButton {...props} className={`button button-${look}${icon ? ' button-icon' : ''}`} />;
}
