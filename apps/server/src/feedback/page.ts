import { createHash } from "node:crypto";
import type { FeedbackForm, FeedbackOption, FeedbackState, Locale } from "@assay/schema";
import { feedbackLimits, locales } from "@assay/schema";
import { escapeHtml, type Html, html, paragraphs } from "./html.ts";
import { emptySubmission, fieldOf, type Submission, trapField } from "./read-submission.ts";
import { style } from "./style.ts";
import { type FeedbackWords, words } from "./words.ts";

export interface PageOptions {
  readonly locale: Locale;
  /** Where the form stands. */
  readonly path: string;
  /** Where this page stands in the other language; null where it answers what was sent, which would be lost. */
  readonly switchTo: string | null;
}

const styleHash = createHash("sha256").update(style).digest("base64");

/** Nothing runs, nothing is loaded, forms go to this server only; only these sites may frame it. */
export function contentSecurityPolicy(origins: readonly string[]): string {
  const ancestors = origins.length === 0 ? "'self'" : `'self' ${origins.join(" ")}`;
  return `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors ${ancestors}`;
}

/** What is missing in one language is taken from the other. */
export function inLanguage(text: Readonly<Record<Locale, string>>, locale: Locale): string {
  return text[locale] || text[locale === "en" ? "zh-CN" : "en"];
}

function page({ locale, switchTo }: PageOptions, title: string, body: Html): string {
  const other = locales.find((one) => one !== locale) ?? locale;
  const change = html`<a href="${switchTo}?lang=${other}" lang="${other}" hreflang="${other}">${words[locale].otherLanguage}</a>`;
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><header>${switchTo === null ? "" : change}</header><main>${body}</main></body></html>
`;
}

/** A page that says one thing, such as that there is no form here. */
export function plainPage(
  options: PageOptions,
  title: string,
  text: string,
  link: { to: string; text: string } | null = null,
): string {
  const nav = link && html`<nav><a href="${link.to}?lang=${options.locale}">${link.text}</a></nav>`;
  return page(options, title, html`<h1>${title}</h1><p>${text}</p>${nav}`);
}

export interface FormPage extends PageOptions {
  readonly settings: FeedbackForm;
  readonly stamp: string;
  readonly submission?: Submission;
  /** By field; "" is about the whole. */
  readonly problems?: ReadonlyMap<string, string>;
}

export function formPage(options: FormPage): string {
  const { settings, locale, path, stamp, submission = emptySubmission, problems = new Map<string, string>() } = options;
  const say = words[locale];
  const title = inLanguage(settings.title, locale);
  const note = (field: string): Html | null => {
    const problem = problems.get(field);
    return problem === undefined ? null : html`<span class="wrong" id="${field}-wrong">${problem}</span>`;
  };
  const described = (field: string, help: boolean): Html => {
    const ids = [...(help ? [`${field}-help`] : []), ...(problems.has(field) ? [`${field}-wrong`] : [])];
    return html`${ids.length > 0 && html` aria-describedby="${ids.join(" ")}"`}${problems.has(field) && html` aria-invalid="true"`}`;
  };
  const optional = html` <span class="optional">(${say.optional})</span>`;
  const line = (field: "contact" | "decisionReference", label: string, help: string, complete: string): Html =>
    html`<div class="field"><label for="${field}">${label}${optional}</label><span class="help" id="${field}-help">${help}</span><input type="text" id="${field}" name="${field}" maxlength="${feedbackLimits[field]}" autocomplete="${complete}" value="${submission[field]}"${described(field, true)}>${note(field)}</div>`;
  const choice = (field: string, label: string, none: string, list: readonly FeedbackOption[], chosen: string): Html =>
    html`<div class="field"><label for="${field}">${label}${optional}</label><select id="${field}" name="${field}" autocomplete="off"${described(field, false)}><option value="">${none}</option>${list.map(
      ({ value, label: text }) =>
        html`<option value="${value}"${value === chosen && html` selected`}>${inLanguage(text, locale) || value}</option>`,
    )}</select>${note(field)}</div>`;
  const { groups, decisions, privacy, contact } = settings;
  const about =
    groups.length > 0 &&
    html`<fieldset><legend>${say.aboutYou}</legend><p class="help">${say.aboutYouHelp}</p>${groups.map((one, index) =>
      choice(
        fieldOf(index),
        inLanguage(one.question, locale) || one.column,
        say.ratherNot,
        one.options,
        submission.groups[index] ?? "",
      ),
    )}</fieldset>`;
  const told = [...problems.values()];
  return page(
    options,
    told.length > 0 ? `${say.problemsTitle} · ${title}` : title,
    html`<h1>${title}</h1>${told.length > 0 && html`<div class="problems" role="alert"><h2>${say.problemsTitle}</h2><ul>${told.map((one) => html`<li>${one}</li>`)}</ul></div>`}<div class="lead">${paragraphs(inLanguage(settings.intro, locale))}</div><form method="post" action="${path}" accept-charset="utf-8"><div class="field"><label for="what">${say.what}</label><span class="help" id="what-help">${say.whatHelp}</span><textarea id="what" name="what" required maxlength="${feedbackLimits.what}"${described("what", true)}>${`\n${submission.what}`}</textarea>${note("what")}</div>${decisions.length > 0 && choice("decision", say.decision, say.decisionNone, decisions, submission.decision)}${line("decisionReference", say.reference, say.referenceHelp, "off")}${about}<fieldset><legend class="trap">${say.contact}</legend>${line("contact", say.contact, say.contactHelp, "email")}</fieldset><div class="trap" aria-hidden="true"><label for="${trapField}">${say.trap}</label><input type="text" id="${trapField}" name="${trapField}" tabindex="-1" autocomplete="off" value=""></div><section><h2>${say.privacy}</h2>${paragraphs(inLanguage(privacy, locale) || say.privacyMissing)}<p>${say.kept(settings.retentionDays)}</p>${contact !== "" && html`<p>${say.questions} ${contact}</p>`}</section><input type="hidden" name="stamp" value="${stamp}"><input type="hidden" name="lang" value="${locale}"><p><button type="submit">${say.send}</button></p></form><nav><a href="${path}/report?lang=${locale}">${say.lookUp}</a></nav>`,
  );
}

export function receivedPage(options: PageOptions, reference: string): string {
  const { locale, path } = options;
  const say: FeedbackWords = words[locale];
  return page(
    options,
    say.received,
    html`<h1>${say.received}</h1><p role="status">${say.receivedText}</p><p class="label">${say.yourReference}</p><p class="reference" translate="no">${reference}</p><p>${say.keep}</p><nav><a href="${path}/report?lang=${locale}">${say.lookUp}</a></nav>`,
  );
}

export function lookUpPage(options: PageOptions, problem: string | null, typed: string): string {
  const { locale, path } = options;
  const say = words[locale];
  return page(
    options,
    say.lookUpTitle,
    html`<h1>${say.lookUpTitle}</h1><form method="post" action="${path}/report"><div class="field"><label for="reference">${say.yourReference}</label><span class="help" id="reference-help">${say.lookUpText}</span><input type="text" id="reference" name="reference" required maxlength="40" autocomplete="off" autocapitalize="characters" spellcheck="false" value="${typed}" aria-describedby="${problem === null ? "reference-help" : "reference-help reference-wrong"}"${problem !== null && html` aria-invalid="true"`}>${problem !== null && html`<span class="wrong" id="reference-wrong" role="alert">${problem}</span>`}</div><input type="hidden" name="lang" value="${locale}"><p><button type="submit">${say.lookUpButton}</button></p></form><nav><a href="${path}?lang=${locale}">${say.backToForm}</a></nav>`,
  );
}

export interface StatePage extends PageOptions {
  readonly reference: string;
  readonly state: FeedbackState;
  readonly receivedAt: string;
  readonly problem: string | null;
}

/** What its sender may see: when it came and where it stands, and none of what was written. */
export function statePage(options: StatePage): string {
  const { locale, path, reference, state, receivedAt, problem } = options;
  const say = words[locale];
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(new Date(receivedAt));
  const withdraw =
    state !== "withdrawn" &&
    html`<section><h2>${say.withdraw}</h2><p>${say.withdrawText}</p><form method="post" action="${path}/withdraw"><label class="check"><input type="checkbox" name="confirm" value="yes" required${problem !== null && html` aria-describedby="confirm-wrong" aria-invalid="true"`}><span>${say.withdrawConfirm}</span></label>${problem !== null && html`<p class="wrong" id="confirm-wrong" role="alert">${problem}</p>`}<input type="hidden" name="reference" value="${reference}"><input type="hidden" name="lang" value="${locale}"><button class="quiet" type="submit">${say.withdrawButton}</button></form></section>`;
  return page(
    options,
    say.reportTitle,
    html`<h1>${say.reportTitle}</h1><dl><dt>${say.stands}</dt><dd>${say.states[state]}</dd><dt>${say.receivedOn}</dt><dd>${day}</dd><dt>${say.yourReference}</dt><dd translate="no">${reference}</dd></dl>${withdraw}<nav><a href="${path}?lang=${locale}">${say.backToForm}</a></nav>`,
  );
}

export function withdrawnPage(options: PageOptions): string {
  const say = words[options.locale];
  return plainPage(options, say.withdrawn, say.withdrawnText, { to: options.path, text: say.backToForm });
}
