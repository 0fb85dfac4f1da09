// How much a number is, beside those of everybody else. Pure.

/** From 0, at nothing, to 1, at `top` and above; what is not known is 0. */
export function share(value: number, top: number): number {
  return value > 0 && top > 0 ? Math.min(value / top, 1) : 0;
}

/** From 1, at `best` and below, to 0, at `worst` and above; what is not known is 0. */
export function shareOfShort(value: number, best: number, worst: number): number {
  if (!(value >= 0) || worst <= best) return value <= best ? 1 : 0;
  return Math.min(Math.max((worst - value) / (worst - best), 0), 1);
}

/** The population's top, but no less than `floor`: where hardly anybody does it, the top is next to nothing. */
export function top(quantile: number, floor: number): number {
  return quantile > floor ? quantile : floor;
}

/** Points as people read them: whole hundredths. */
export function points(most: number, share: number): number {
  return Math.round(most * share * 100) / 100;
}
