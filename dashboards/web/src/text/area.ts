/** "12,340 m²"; below a hundred with one decimal, since there a doorway counts. */
export function squareMetres(area: number): string {
  return `${area.toLocaleString("en", { maximumFractionDigits: area < 100 ? 1 : 0 })} m²`;
}
