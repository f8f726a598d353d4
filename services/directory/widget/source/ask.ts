/** Asking the hub: it answers, refuses, or is too late; nobody waits for ever. */

const SECONDS = 10;

/** The hub gave no answer: `slug` says why, `status` whose fault it is. */
export class Refused extends Error {
  constructor(
    readonly slug: string,
    readonly status: number,
  ) {
    super(slug);
  }

  /** Asked again it would be refused again; where too many ask, it would not. */
  get lasting(): boolean {
    return this.status < 500 && this.status !== 429;
  }
}

/** The hub took too long. */
export class TooLate extends Error {}

/** What the hub answers. A `body` is posted, so that what somebody asks stands in no address. */
export async function ask<T>(url: URL, signal: AbortSignal, body?: object): Promise<T> {
  const late = new AbortController();
  const clock = setTimeout(() => late.abort(new TooLate()), SECONDS * 1000);
  const stop = () => late.abort(signal.reason);
  signal.addEventListener("abort", stop);
  try {
    const sent: RequestInit = { credentials: "omit", referrerPolicy: "no-referrer", signal: late.signal };
    if (body) {
      sent.method = "POST";
      sent.headers = { "Content-Type": "application/json" };
      sent.body = JSON.stringify(body);
    }
    const answer = await fetch(url, sent);
    if (answer.ok) return (await answer.json()) as T;
    const told = (await answer.json().catch(() => ({}))) as { type?: string };
    throw new Refused(String(told.type ?? "").split("/").pop() ?? "", answer.status);
  } catch (error) {
    throw late.signal.aborted ? late.signal.reason : error;
  } finally {
    clearTimeout(clock);
    signal.removeEventListener("abort", stop);
  }
}
