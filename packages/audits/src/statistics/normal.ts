/**
 * Standard normal distribution function, absolute error below 1e-15.
 * Hart's rational approximation as given by G. West, "Better approximations to cumulative normal functions",
 * Wilmott Magazine (2005) 70–76.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  const z = Math.abs(x);
  if (z > 37.6) return x > 0 ? 1 : 0;
  const e = Math.exp((-z * z) / 2);
  let tail: number;
  if (z < 7.07106781186547) {
    let up = 3.52624965998911e-2 * z + 0.700383064443688;
    up = up * z + 6.37396220353165;
    up = up * z + 33.912866078383;
    up = up * z + 112.079291497871;
    up = up * z + 221.213596169931;
    up = up * z + 220.206867912376;
    let down = 8.83883476483184e-2 * z + 1.75566716318264;
    down = down * z + 16.064177579207;
    down = down * z + 86.7807322029461;
    down = down * z + 296.564248779674;
    down = down * z + 637.333633378831;
    down = down * z + 793.826512519948;
    down = down * z + 440.413735824752;
    tail = (e * up) / down;
  } else {
    let fraction = z;
    for (let k = 24; k >= 1; k--) fraction = z + k / fraction;
    tail = e / fraction / Math.sqrt(2 * Math.PI);
  }
  return x > 0 ? 1 - tail : tail;
}

const center = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
  133.14166789178438, 3.3871328727963665,
] as const;
const centerBelow = [
  5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
  42.31333070160091, 1,
] as const;
const middle = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
  5.769497221460691, 4.630337846156546, 1.4234371107496835,
] as const;
const middleBelow = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
  1.6763848301838038, 2.053191626637759, 1,
] as const;
const far = [
  2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
  1.7848265399172913, 5.463784911164114, 6.657904643501103,
] as const;
const farBelow = [
  2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133, 0.014875361290850615,
  0.1369298809227358, 0.599832206555888, 1,
] as const;

function horner(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}

/**
 * Standard normal quantile, relative error about 1e-16; ∓Infinity at 0 and 1, NaN outside.
 * M. J. Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988) 477–484, doi:10.2307/2347330.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * horner(center, r)) / horner(centerBelow, r);
  }
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p));
  const value =
    r <= 5 ? horner(middle, r - 1.6) / horner(middleBelow, r - 1.6) : horner(far, r - 5) / horner(farBelow, r - 5);
  return q < 0 ? -value : value;
}

/** The two-sided critical value: 1.96 for 0.95. */
export function criticalValue(confidence: number): number {
  return normalQuantile(0.5 + confidence / 2);
}
