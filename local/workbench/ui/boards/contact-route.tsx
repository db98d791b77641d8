import { createLazyRoute } from '@tanstack/react-router';
import { ContactPage } from './ContactPage.tsx';

export const route = createLazyRoute('/v2/location/$location/contacts/detail/$contact')({
  component: ContactPage,
});
