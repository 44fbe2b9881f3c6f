/** A concave function at a place: its value and any slope that keeps it from above (a supergradient). */
export interface Tangent {
  readonly at: number;
  readonly value: number;
  readonly slope: number;
  /** Slope in a second direction, that of the same plane. */
  readonly along: number;
}

export interface Peak {
  readonly at: number;
  readonly value: number;
  /** Slope in the second direction of a plane that is level in the first and touches the function at its peak. */
  readonly along: number;
  /** The end at which the function still rises outwards, where the peak is one. */
  readonly end: "high" | "low" | null;
  /** The slope there. */
  readonly slope: number;
}

const mostSteps = 500;

/**
 * The greatest value of a concave piecewise linear function on [low, high], from its tangents: where those of either side
 * meet lies the next place, and where the function reaches their meeting point it is greatest. Ends in finitely many steps,
 * since each finds a stretch not seen before. J. E. Kelley, J. SIAM 8 (1960) 703–712, doi:10.1137/0108053.
 */
export function peakOf(low: number, high: number, tangent: (at: number) => Tangent): Peak {
  let left = tangent(low);
  if (left.slope <= 0) return ended(left, left.slope < 0 ? "low" : null);
  let right = tangent(high);
  if (right.slope >= 0) return ended(right, right.slope > 0 ? "high" : null);
  for (let step = 0; step < mostSteps; step++) {
    const rise = left.slope - right.slope;
    const at = (right.value - left.value + left.slope * left.at - right.slope * right.at) / rise;
    const height = left.value + left.slope * (at - left.at);
    const inside = at > left.at && at < right.at;
    const here = inside ? tangent(at) : left.value >= right.value ? left : right;
    if (inside && here.slope === 0) return ended(here, null);
    if (!inside || height - here.value <= 1e-15 * Math.max(1, Math.abs(height))) {
      const along = (left.slope * right.along - right.slope * left.along) / rise;
      return { at: here.at, value: here.value, along, end: null, slope: 0 };
    }
    if (here.slope > 0) left = here;
    else right = here;
  }
  const best = left.value >= right.value ? left : right;
  return ended(best, null);
}

function ended({ at, value, along, slope }: Tangent, end: Peak["end"]): Peak {
  return { at, value, along, end, slope };
}
