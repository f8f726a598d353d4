/** Whether people can read the colours that a website has chosen (WCAG 2.2, 1.4.3). */

const ENOUGH = 4.5;

function luminance(colour: string): number | null {
  const found = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour);
  if (!found) return null;
  const [r, g, b] = found.slice(1).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Whether the letters stand out; a colour that is see-through, or no sRGB, cannot be vouched for. */
export function readable(letters: string, paper: string): boolean {
  const one = luminance(letters);
  const other = luminance(paper);
  if (one === null || other === null) return false;
  const [dark, light] = one < other ? [one, other] : [other, one];
  return (light + 0.05) / (dark + 0.05) >= ENOUGH;
}
