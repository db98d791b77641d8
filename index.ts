/** The build whose connection is HighLevel's sign-in, through the publisher's own marketplace app. */
import { appWith } from './app.ts';
import oauth from './authentication/oauth.ts';

export default appWith({ authentication: oauth, instant: true });
