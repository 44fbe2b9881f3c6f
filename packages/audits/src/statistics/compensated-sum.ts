/**
 * Neumaier's compensated sum: a million terms of one size lose no more than the last bit or two.
 * A. Neumaier, ZAMM 54 (1974) 39–51, doi:10.1002/zamm.19740540106.
 */
export class CompensatedSum {
  #sum = 0;
  #lost = 0;

  add(term: number): void {
    const next = this.#sum + term;
    this.#lost += Math.abs(this.#sum) >= Math.abs(term) ? this.#sum - next + term : term - next + this.#sum;
    this.#sum = next;
  }

  get value(): number {
    return this.#sum + this.#lost;
  }
}
