// What a nickname says. Pure.

/** The parts of a nickname that is as it should be; undefined when it is not. */
export function parts(
  name: string,
  { parts, separators, regions }: { parts: string[]; separators: string; regions: string[] },
): string[] | undefined {
  const letters = new Set(separators);
  const found: string[] = [''];
  for (const letter of name) {
    if (letters.has(letter)) found.push('');
    else found[found.length - 1] += letter;
  }
  const said = found.map((part) => part.trim()).filter((part) => part !== '');
  if (said.length < parts.length) return undefined;
  const known = regions.length === 0 || said.some((part) => regions.some((region) => part.startsWith(region)));
  return known ? said : undefined;
}

/** A text with `{name}` and the like filled in; what has no value stays as it is. */
export function fill(text: string, values: { [name: string]: string }): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
