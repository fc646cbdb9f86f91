import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface Series {
  readonly label: string;
  /** Of a colour variable. */
  readonly colour: '--good' | '--bad' | '--busy' | '--need' | '--dim';
  readonly values: readonly (number | null)[];
  readonly text: (value: number) => string;
}
interface ChartProps {
  readonly title: string;
  /** Milliseconds since the epoch, ascending. */
  readonly at: readonly number[];
  /** Drawn as bars, one in front of the other: the larger one first. */
  readonly series: readonly Series[];
}

const height = 150;
const daySeconds = 24 * 60 * 60;

/** Bars over days. What it shows stands in a table too, for those who cannot see it. */
export function Chart({ title, at, series }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const draw = () => new uPlot(optionsOf(series, element), dataOf(at, series), element);
    let plot = draw();
    const watch = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    watch.observe(element);
    // The colours of a canvas are not those of the page by themselves.
    const redraw = (): void => {
      plot.destroy();
      plot = draw();
    };
    const theme = new MutationObserver(redraw);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', redraw);
    return () => {
      watch.disconnect();
      theme.disconnect();
      system.removeEventListener('change', redraw);
      plot.destroy();
    };
  }, [at, series]);
  return (
    <figure className="panel chart">
      <figcaption>{title}</figcaption>
      <div ref={place} aria-hidden="true" />
    </figure>
  );
}

const dataOf = (at: readonly number[], series: readonly Series[]): uPlot.AlignedData =>
  [at.map((time) => time / 1000), ...series.map(({ values }) => [...values])] as uPlot.AlignedData;

function optionsOf(series: readonly Series[], element: HTMLElement): uPlot.Options {
  const colour = (name: string) => (): string => getComputedStyle(element).getPropertyValue(name).trim();
  const bars = uPlot.paths.bars?.({ size: [0.7, 40] });
  const axis = { stroke: colour('--dim'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  return {
    width: Math.max(200, element.clientWidth),
    height,
    legend: { live: true },
    cursor: { y: false },
    scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] } },
    axes: [
      { ...axis, values: '{D} {MMM}', space: 60, incrs: [1, 2, 7, 14, 30, 60].map((days) => days * daySeconds) },
      { ...axis, size: 46, values: (_, splits) => splits.map((value) => series[0]?.text(value) ?? '') },
    ],
    series: [
      { value: (_, seconds) => (seconds === null ? '–' : new Date(seconds * 1000).toLocaleDateString()) },
      ...series.map(({ label, colour: name, text }) => ({
        label,
        stroke: colour(name),
        fill: colour(name),
        ...(bars && { paths: bars }),
        points: { show: false },
        value: (_: uPlot, value: number | null) => (value === null ? '–' : text(value)),
      })),
    ],
  };
}
