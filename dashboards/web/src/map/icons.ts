/** Severity as drawn on the map: octagon, triangle, square, circle, each with its digit; clusters wear the worst as a badge. */
import type { Severity } from "@/types";
import type { Palette } from "./palette";

const RATIO = 2;
const FONT = '650 {px}px system-ui, "Noto Sans CJK SC", sans-serif';
export const SEVERITIES: readonly Severity[] = [1, 2, 3, 4];

type Pen = CanvasRenderingContext2D;

function canvas(size: number): Pen {
  const sheet = document.createElement("canvas");
  sheet.width = sheet.height = size * RATIO;
  const pen = sheet.getContext("2d", { willReadFrequently: true }) as Pen;
  pen.scale(RATIO, RATIO);
  return pen;
}

const taken = (pen: Pen): ImageData => pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height);

function polygon(pen: Pen, x: number, y: number, radius: number, corners: number, turn: number): void {
  pen.beginPath();
  for (let at = 0; at < corners; at++) {
    const angle = turn + (at * 2 * Math.PI) / corners;
    pen.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  pen.closePath();
}

/** One outline per severity, so that the shape alone tells them apart. */
function outline(pen: Pen, severity: Severity, x: number, y: number, radius: number): void {
  if (severity === 1) polygon(pen, x, y, radius * 1.05, 8, Math.PI / 8);
  else if (severity === 2) polygon(pen, x, y + radius * 0.14, radius * 1.24, 3, -Math.PI / 2);
  else if (severity === 3) polygon(pen, x, y, radius * 1.18, 4, Math.PI / 4);
  else {
    pen.beginPath();
    pen.arc(x, y, radius * 0.94, 0, 2 * Math.PI);
  }
}

function stampShape(pen: Pen, severity: Severity, palette: Palette, x: number, y: number, radius: number): void {
  outline(pen, severity, x, y, radius);
  pen.lineJoin = "round";
  pen.lineWidth = 3;
  pen.strokeStyle = palette.card;
  pen.stroke();
  pen.fillStyle = palette.severity[severity];
  pen.fill();
  pen.fillStyle = palette.digit[severity];
  pen.font = FONT.replace("{px}", String(Math.round(radius * 1.2)));
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(String(severity), x, y + (severity === 2 ? radius * 0.26 : radius * 0.08));
}

export function severityIcon(severity: Severity, palette: Palette): ImageData {
  const pen = canvas(28);
  stampShape(pen, severity, palette, 14, 14, 10);
  return taken(pen);
}

/** A ring in the worst severity's colour with that severity's own shape at its shoulder; the count is text over it. */
export function clusterIcon(worst: Severity, palette: Palette): ImageData {
  const pen = canvas(46);
  pen.beginPath();
  pen.arc(22, 24, 17, 0, 2 * Math.PI);
  pen.fillStyle = palette.card;
  pen.fill();
  pen.lineWidth = 2.5;
  pen.strokeStyle = palette.severity[worst];
  pen.stroke();
  stampShape(pen, worst, palette, 35, 11.5, 8);
  return taken(pen);
}

export const PIXEL_RATIO = RATIO;
