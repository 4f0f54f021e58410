/** Order of secp256k1 (SEC 2, section 2.4.1). A private key is below it and not zero. */
export const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
