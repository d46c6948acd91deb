// The steps of one run as they arrive, and what can be read from them: when each place settled, how sure it was, and which candidates it had.

/** The recorded steps of one answer. */
export class Trajectory {
  request;

  /** The stream's `start`, its steps, and its one answer. */
  start = null;
  steps = [];
  answer = null;

  #hides;
  #settled = null;

  /**
   * @param {object} request What was asked, by `requests.js`; null before anything was.
   * @param {boolean} hides Whether the method hides undecided places. One-hot diffusion does not: there an undecided place shows the present guess.
   */
  constructor(request, hides) {
    this.request = request;
    this.#hides = hides;
  }

  add(step) {
    this.steps.push(step);
    this.#settled = null;
  }

  /** Takes the answer. Where it came without steps, as that of a linear head, it is the only one. */
  finish(answer) {
    this.answer = answer;
    const { tokens, answers } = this.result;
    if (this.steps.length === 0) this.add({
      index: 0, count: 1, alphaBar: null, hidden: null, tokens: tokens ?? [answers[0].class],
      entries: answers ? [answers.map(({ class: token, probability }) => ({ token, probability }))] : [],
    });
  }

  /** How many steps there will be. A sampling may stop earlier. */
  get count() {
    return this.answer ? this.steps.length : Math.max(this.start?.steps ?? 0, this.steps.length);
  }

  get result() {
    return this.answer?.results[0] ?? null;
  }

  /** For each place the first step since which its token has stayed the same; as many as there are steps where it is open still. */
  settled() {
    return this.#settled ??= (this.steps.at(-1)?.tokens ?? []).map((_, place) => {
      let at = this.steps.length;
      const last = this.#decided(at - 1, place);
      while (last !== null && at > 0 && this.#decided(at - 1, place) === last) at--;
      return at;
    });
  }

  /** Whether a place shows nothing yet at a step. */
  isHidden(step, place) {
    return this.#hides && this.steps[step].hidden?.[place] === true;
  }

  /** How probable the token of a place is at a step; 1 where nothing is known of it. */
  confidence(step, place) {
    const { tokens, entries } = this.steps[step];
    const candidates = entries?.[place];
    if (!candidates?.length) return 1;
    return candidates.find(candidate => candidate.token === tokens[place])?.probability ?? candidates.at(-1).probability;
  }

  /** Whether a place was given, not predicted: no other entry was possible from the first step on. */
  given(place) {
    return this.steps.length > 0 && this.settled()[place] === 0 && this.steps[0].entries?.[place]?.[0]?.probability >= 1;
  }

  /**
   * The candidates of a place over the steps: `{ token, probabilities }`, a probability per step. The token it has now comes first, then those that had most.
   * @param {number} place
   * @param {number} most How many.
   */
  candidates(place, most) {
    const rows = new Map();
    this.steps.forEach((step, index) => {
      for (const { token, probability } of step.entries?.[place] ?? []) {
        if (!rows.has(token)) rows.set(token, new Array(this.steps.length).fill(0));
        rows.get(token)[index] = probability;
      }
    });
    const last = this.steps.at(-1)?.tokens[place];
    const weight = ([token, probabilities]) => (token === last ? 1e6 : 0) + probabilities.reduce((sum, probability) => sum + probability, 0);
    return [...rows].sort((a, b) => weight(b) - weight(a)).slice(0, most).map(([token, probabilities]) => ({ token, probabilities }));
  }

  #decided(step, place) {
    return this.isHidden(step, place) ? null : this.steps[step].tokens[place] ?? null;
  }
}
