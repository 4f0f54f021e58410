/** A phrase that no source, document, log line or console text may hold, and what to write instead. */
export interface ForbiddenPhrase {
  readonly pattern: RegExp;
  readonly instead: string;
}

const ACTOR = 'name the actor: producer, operator, another replica, the node';

/** Each pattern is global and ignores case. */
export const FORBIDDEN_PHRASES: readonly ForbiddenPhrase[] = [
  { pattern: /\b(nobody|somebody|anybody|everybody|whoever|whomever)\b/gi, instead: ACTOR },
  { pattern: /\bthose who\b/gi, instead: ACTOR },
  { pattern: /\bwhatever\b/gi, instead: 'any, every or regardless of' },
  { pattern: /\blikewise\b/gi, instead: 'nothing, or also' },
  { pattern: /(?<!\bnot|\bfar|\bnor), too(?=[.;:)]|$)/gim, instead: 'also, before the verb' },
  { pattern: /\bwithout(?=[.;:)])/gi, instead: 'the default, such as "Default: none"' },
  {
    pattern: /\b(puts?|putting) (\w+ )?(aside|off)\b/gi,
    instead: 'exclude (an endpoint), schedule a retry (a message)',
  },
  { pattern: /\bgiv(es?|en|ing) way\b/gi, instead: 'yield or stop' },
  { pattern: /\bthrow[- ]away\b|\bto throw away\b/gi, instead: 'disposable' },
  { pattern: /\bcan(not)? be asked\b/gi, instead: 'is (un)available' },
  { pattern: /\b(goes|go|went) on by (it|them)sel(f|ves)\b/gi, instead: 'resumes automatically' },
  { pattern: /\b(burns|spends) no attempt\b/gi, instead: 'does not consume a retry' },
  { pattern: /\bholds? work back\b|\bholding work back\b/gi, instead: 'pauses processing' },
  { pattern: /\bone['’]s own\b/gi, instead: 'custom or separate' },
  { pattern: /\bbeg[au]n anew\b|\bbegins? anew\b/gi, instead: 'was reset or restarts' },
  { pattern: /\bis not right\b/gi, instead: 'is invalid' },
  { pattern: /\bfor people\b/gi, instead: 'human-readable' },
  { pattern: /\b(is|are) not well\b/gi, instead: 'is degraded' },
  { pattern: /\bmended\b/gi, instead: 'fixed' },
  { pattern: /\bnothing to press\b/gi, instead: 'read-only' },
  { pattern: /\b(have|has|had)n?['’]?t? heard of\b/gi, instead: 'unknown' },
];
