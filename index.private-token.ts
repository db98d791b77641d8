/** The build whose connection is a private integration token, for an agency that has no marketplace app. */
import { appWith } from './app.ts';
import privateToken, { relayServesPrivateTokens } from './authentication/private-token.ts';

export default appWith({ authentication: privateToken, instant: relayServesPrivateTokens() });
