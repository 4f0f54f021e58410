/** Where the block explorer shows a thing; null without one. */
export class Explorer {
  /** @param {string | null} site without a slash at its end */
  constructor(site) {
    this.site = site;
  }

  /** @param {string | null} hash */
  transaction(hash) {
    return this.#page('tx', hash);
  }

  /** @param {string | null} address */
  address(address) {
    return this.#page('address', address);
  }

  /**
   * @param {string} kind
   * @param {string | null} id
   */
  #page(kind, id) {
    return this.site === null || id === null ? null : `${this.site}/${kind}/${encodeURIComponent(id)}`;
  }
}
