/** Title and advice of each problem code, in English. errors.ts holds that none is missing. */
export const EN = {
  'too-large': { title: 'The request is too large', hint: 'Keep the body at or below 64 KiB.' },
  'media-type': {
    title: 'Wrong media type',
    hint: 'Send one compact JWS as Content-Type: application/jwt.',
  },
  malformed: {
    title: 'Not a canonical compact JWS',
    hint: 'Three unpadded base64url parts that decode and encode to themselves; the payload is a JSON object.',
  },
  header: {
    title: 'Wrong JWS header',
    hint: 'The header is exactly alg, kid and typ; jwk, jku, x5u, crit and the like are refused.',
  },
  'wrong-type': { title: 'Wrong typ', hint: 'The typ of a request is assistance-request+jwt.' },
  'unknown-key': {
    title: 'System or key not registered',
    hint: 'Check iss and kid: the key must be registered and within its validity.',
  },
  'revoked-key': { title: 'The key was revoked', hint: 'Sign with a key that is not revoked.' },
  algorithm: {
    title: 'Algorithm differs from the registered one',
    hint: "alg must equal the registered key's alg (ES256 or Ed25519).",
  },
  signature: {
    title: 'The signature does not verify',
    hint: 'Make sure that the private key belongs to kid and that nothing changed after signing.',
  },
  audience: {
    title: 'aud is not this gateway',
    hint: 'aud is the issuer of this gateway, as a string; see /.well-known/mianzheng.',
  },
  'jti-reuse': {
    title: 'The jti belongs to another request',
    hint: 'Use a fresh random UUID v4 for each request; to retry, send the same JWS unchanged.',
  },
  'in-progress': {
    title: 'This request is being answered',
    hint: 'Send the same JWS again after Retry-After and get its outcome; do not take a new jti.',
  },
  'answer-archived': {
    title: 'The answer is archived',
    hint: 'The time for retries is over. Read it with GET /v1/requests/{jti}.',
  },
  'answer-erased': {
    title: 'The answer was erased',
    hint: 'The record was erased and the request is never executed again; if still needed, ask anew.',
  },
  expired: {
    title: 'The request has expired',
    hint: 'Check your clock and sign a new request (it lives 300 seconds at most).',
  },
  'not-yet': {
    title: 'The request is not valid yet',
    hint: 'Check your clock: iat or nbf is more than 30 seconds ahead of the gateway.',
  },
  'request-schema': {
    title: 'The claims do not fit the schema',
    hint: 'Mend the places named by pointers; no member may be repeated or unknown.',
  },
  suspended: { title: 'System or agency suspended', hint: 'Contact the sharing authority.' },
  requester: {
    title: 'The system may not act for this agency',
    hint: 'requester must be one of the agencies the system is registered for.',
  },
  'unknown-item': {
    title: 'No such assistance item',
    hint: 'Published items are listed at /v1/catalog/items.',
  },
  'item-suspended': {
    title: 'The item is suspended',
    hint: 'Use the version in service, or wait for the provider to resume.',
  },
  'needs-officer': {
    title: 'An officer has to answer',
    hint: 'This gateway does not take inquiry items yet; use the existing channel.',
  },
  subject: {
    title: "The subject does not fit the item's contract",
    hint: 'Mend the places named by pointers; identifiers must pass their check digit.',
  },
  ask: {
    title: "The ask does not fit the item's contract",
    hint: 'Each claim once; predicate and value must be allowed by the contract.',
  },
  'no-agreement': {
    title: 'No agreement in force',
    hint: 'Apply for the item first (Regulation on Government Data Sharing, art. 20 and 21).',
  },
  purpose: {
    title: 'The purpose is not in the agreement',
    hint: 'service, basis and scenario must be one of the sets that the agreement lists.',
  },
  claims: {
    title: 'Claims beyond the agreement',
    hint: 'Ask only for granted claims, in the granted way (read or predicate).',
  },
  region: {
    title: 'Region beyond the agreement',
    hint: 'The agreement covers only the regions it lists.',
  },
  authorization: {
    title: 'Kind of authorization not agreed',
    hint: 'authorization.kind must be one that the agreement lists.',
  },
  policy: {
    title: "Forbidden by the city's rules",
    hint: 'See the rules named in policies; the sharing authority can coordinate.',
  },
  quota: {
    title: 'The daily quota is used up',
    hint: 'Quotas count by the natural day of Asia/Shanghai and reset at its midnight; sign a new request then.',
  },
  rate: {
    title: 'Too many requests',
    hint: 'Slow down; wait for Retry-After and send the same request again.',
  },
  probing: {
    title: 'Too many different guesses about one subject',
    hint: 'The limit of distinct predicate values for one subject, claim and day is reached.',
  },
  'provider-down': {
    title: 'The provider cannot be reached',
    hint: 'Send the same request later; silence is never "no".',
  },
  'provider-timeout': {
    title: 'The provider did not answer in time',
    hint: 'Send the same request later; silence is never "no".',
  },
  'provider-invalid': {
    title: "The provider's answer breaks its contract",
    hint: 'It is on record; contact the provider.',
  },
  'log-unavailable': {
    title: 'The log is unavailable',
    hint: 'What cannot be recorded is not answered. Send the same request later.',
  },
  'signer-unavailable': {
    title: 'The signing key is unavailable',
    hint: 'What cannot be signed is not answered, and nothing was recorded. Send the same request later.',
  },
  proof: {
    title: 'No valid agency proof',
    hint: 'Send Authorization: Bearer with a JWS of typ agency-proof+jwt: iss, aud, htm, htu, iat, exp, jti.',
  },
  'proof-replayed': {
    title: 'The agency proof was used before',
    hint: 'Use a fresh jti for each read.',
  },
  role: { title: 'Not permitted', hint: 'This resource is for auditors.' },
  'signed-out': {
    title: 'Not signed in, or the session is over',
    hint: 'Sign in and try again: a session ends after 15 minutes without use, or after 8 hours.',
  },
  forbidden: {
    title: 'Your roles do not cover this',
    hint: 'Somebody with the role must do it, or the admin of your agency grants it to you.',
  },
  'step-up': {
    title: 'Prove again who you are',
    hint: 'Sign in again in the console; it counts for five minutes. A token cannot do this.',
  },
  'cross-site': {
    title: 'The request comes from another site',
    hint: "Use this gateway's own pages.",
  },
  'sandbox-off': {
    title: 'The sandbox is closed here',
    hint: 'This gateway takes no newcomers by themselves: try a test gateway (SANDBOX=on), or ask its operator to register your public key.',
  },
  'sandbox-full': {
    title: 'The sandbox is full',
    hint: 'Ask the operator of the gateway to make room, or use a gateway of your own (npm start).',
  },
  'own-proposal': {
    title: 'Nobody approves a change of his own',
    hint: 'Let another person with the role decide: proposer and approver are two people.',
  },
  'wrong-state': {
    title: 'Not possible in this state',
    hint: 'Somebody may have acted already. Open it again and see its state and what can be done.',
  },
  'sharing-class': {
    title: 'Not how this item is shared',
    hint: 'What is shared unconditionally is filed (file); what is shared conditionally is applied for (approve).',
  },
  'only-once': {
    title: 'This is done once only',
    hint: 'It was done already: one notice of what is missing, one extension. See history.',
  },
  'too-late': {
    title: 'The time for it has passed',
    hint: 'clocks says when and counts each day; what was not demanded in time counts as received.',
  },
  stale: {
    title: 'Somebody else has changed it',
    hint: 'Read it again, look at what pointers name, and send it with the new ETag. Nothing was written.',
  },
  'no-precondition': {
    title: 'If-Match is missing',
    hint: 'Read first and send the ETag as If-Match, so that nobody overwrites what another one did.',
  },
  blocked: {
    title: 'A check did not pass',
    hint: 'Mend what pointers name; where a reason is enough give it in reasons, where an answer is asked for in answers.',
  },
  'no-calendar': {
    title: 'The calendar of that year is not loaded',
    hint: 'Days off are arranged each November for the year after; the operator loads them with "mianzheng calendar load" (year says which).',
  },
  'not-found': {
    title: 'Not found',
    hint: 'Check the address; the interface is described at /openapi.json.',
  },
  parameters: { title: 'The parameters do not fit', hint: 'Mend the places named by pointers.' },
  internal: { title: 'Internal error', hint: 'It is noted; contact the operator of the gateway.' },
}
