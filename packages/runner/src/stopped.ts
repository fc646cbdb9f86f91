/** Who stopped one step, and why: the reason of a signal. */
export class Stopped {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** For the outcome of what was stopped. */
export const whyStopped = ({ reason }: AbortSignal): { readonly reason?: string } =>
  reason instanceof Stopped ? { reason: reason.why } : {};
