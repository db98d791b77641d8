/** Goes into `inputFieldGroups` where a step has more fields than most people fill in. */
export const moreGroup = { key: 'more', label: 'More Options' };
