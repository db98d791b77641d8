import type { Location } from '../state/records.ts';

function escapeHtml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}

const STYLE = `
  :root { color-scheme: light dark; }
  body { margin: 0; font: 16px/1.5 system-ui, sans-serif; background: light-dark(#f3f4f6, #16181d); color: light-dark(#1b1e24, #e8eaee); }
  main { max-width: 30rem; margin: 8vh auto; padding: 2rem; border-radius: 12px; background: light-dark(#fff, #21242b); box-shadow: 0 1px 4px #0003; }
  h1 { font-size: 1.3rem; margin: 0 0 .25rem; }
  .quiet { color: light-dark(#5b6270, #a3aab8); margin: 0 0 1.25rem; }
  fieldset { border: 0; margin: 0 0 1.25rem; padding: 0; }
  legend, h2 { font-size: .95rem; font-weight: 600; margin: 0 0 .5rem; padding: 0; }
  label { display: flex; gap: .6rem; padding: .55rem .75rem; margin-bottom: .4rem; border: 1px solid #8885; border-radius: 8px; cursor: pointer; }
  label:has(:checked) { border-color: #3867d6; }
  ul { margin: 0 0 1.5rem; padding-left: 1.2rem; }
  li { font-family: ui-monospace, monospace; font-size: .85rem; }
  .buttons { display: flex; gap: .75rem; }
  button { font: inherit; padding: .55rem 1.2rem; border-radius: 8px; border: 1px solid #8885; background: none; color: inherit; cursor: pointer; }
  button[value=allow] { background: #3867d6; border-color: #3867d6; color: #fff; }
`;

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body><main>${body}</main></body>
</html>
`;
}

export interface Consent {
  /** Where the form posts to. */
  action: string;
  scopes: string[];
  locations: Location[];
  /** What the form carries along unchanged. */
  hidden: Record<string, string>;
}

/** The page on which a person picks the sub-account that an app may work in. */
export function consentPage(consent: Consent): string {
  const hidden = Object.entries(consent.hidden)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('\n');
  const locations = consent.locations
    .map(
      ({ id, name }, index) =>
        `<label><input type="radio" name="location_id" value="${escapeHtml(id)}"${index === 0 ? ' checked' : ''}>${escapeHtml(name)}</label>`,
    )
    .join('\n');
  const agency = `<label><input type="radio" name="location_id" value="company">Whole agency (all sub-accounts)</label>`;
  const scopes = consent.scopes.map((scope) => `<li>${escapeHtml(scope)}</li>`).join('');
  return page(
    'Choose a sub-account',
    `<h1>Connect your CRM</h1>
<p class="quiet">An app asks for access to a sub-account. This is the sandbox on your machine: no real account is touched.</p>
<form method="post" action="${escapeHtml(consent.action)}">
${hidden}
<fieldset><legend>Sub-account</legend>
${locations}
${agency}
</fieldset>
<h2>It may use</h2>
<ul>${scopes}</ul>
<div class="buttons">
<button type="submit" name="decision" value="allow">Allow access</button>
<button type="submit" name="decision" value="deny">Cancel</button>
</div>
</form>`,
  );
}

/** The page for a link that cannot be followed. */
export function refusalPage(reason: string): string {
  return page(
    'This link does not work',
    `<h1>This link does not work</h1><p class="quiet">${escapeHtml(reason)}</p>`,
  );
}
