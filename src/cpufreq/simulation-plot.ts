/**
 * The plot of a simulation as SVG: frequency, load and temperature over time, one above the other, a line for each
 * governor. Drawn by Vega, which makes SVG without a browser; it is loaded when a plot is asked for.
 */
import type { Axis, GroupMark, Interpolate, Mark, Scale, Spec } from 'vega'
import type { Sample } from './simulate.ts'

/** A governor's line in each panel. */
export interface PlotLine {
  readonly governor: string
  readonly samples: readonly Sample[]
}

interface Panel {
  readonly field: 'frequency' | 'load' | 'temperature'
  readonly title: string
  readonly height: number
  /** How lines go from one sample to the next. */
  readonly interpolate: Extract<Interpolate, 'step-before' | 'linear'>
  /** Whether the axis starts at 0. */
  readonly zero: boolean
}

const WIDTH = 760
const PANELS: readonly Panel[] = [
  { field: 'frequency', title: 'frequency, GHz', height: 150, interpolate: 'step-before', zero: true },
  { field: 'load', title: 'load, %', height: 110, interpolate: 'step-before', zero: true },
  { field: 'temperature', title: 'temperature, °C', height: 110, interpolate: 'linear', zero: false },
]
/** Okabe and Ito's colours, which colour-blind people can tell apart. */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000']

/** @returns the text of an SVG file */
export async function plotSimulations(title: string, lines: readonly PlotLine[]): Promise<string> {
  const { parse, View } = await import('vega')
  const view = new View(parse(specOf(title, lines)), { renderer: 'none' })
  try {
    return `${await view.toSVG()}\n`
  } finally {
    view.finalize()
  }
}

function specOf(title: string, lines: readonly PlotLine[]): Spec {
  const values = lines.flatMap(({ governor, samples }) =>
    samples.map(({ time, frequency, load, temperature }) => ({
      governor,
      time: time / 1000,
      frequency: round(frequency / 1e6),
      load: round(load),
      temperature: round(temperature),
    })),
  )
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    background: 'white',
    padding: 8,
    title: { text: title, anchor: 'start', fontSize: 13 },
    data: [{ name: 'samples', values }],
    scales: [
      { name: 'x', type: 'linear', range: [0, WIDTH], domain: { data: 'samples', field: 'time' } },
      {
        name: 'colour',
        type: 'ordinal',
        range: COLOURS,
        domain: lines.map(({ governor }) => governor),
      },
    ],
    layout: { columns: 1, padding: 18, bounds: 'flush' },
    legends: [
      {
        stroke: 'colour',
        symbolType: 'stroke',
        orient: 'top',
        direction: 'horizontal',
        symbolStrokeWidth: 3,
      },
    ],
    marks: PANELS.map((panel, i) => panelOf(panel, i === PANELS.length - 1)),
  }
}

const round = (value: number): number => Number(value.toFixed(2))

function panelOf({ field, title, height, interpolate, zero }: Panel, isLast: boolean): GroupMark {
  const y: Scale = {
    name: `y-${field}`,
    type: 'linear',
    range: [height, 0],
    domain: { data: 'samples', field },
    nice: true,
    zero,
  }
  const axes: Axis[] = [
    {
      scale: y.name,
      orient: 'left',
      title,
      titleFontWeight: 'normal',
      tickCount: 5,
      grid: true,
      gridScale: 'x',
      gridColor: '#ddd',
      minExtent: 32,
    },
    {
      scale: 'x',
      orient: 'bottom',
      tickCount: 10,
      ...(isLast ? { title: 'time, s', titleFontWeight: 'normal' } : { labels: false, ticks: false }),
    },
  ]
  return {
    type: 'group',
    encode: { enter: { width: { value: WIDTH }, height: { value: height } } },
    scales: [y],
    axes,
    marks: [linesOf(field, y.name, interpolate)],
  }
}

function linesOf(field: string, scale: string, interpolate: Panel['interpolate']): Mark {
  return {
    type: 'group',
    from: { facet: { name: 'line', data: 'samples', groupby: 'governor' } },
    marks: [
      {
        type: 'line',
        from: { data: 'line' },
        encode: {
          enter: {
            x: { scale: 'x', field: 'time' },
            y: { scale, field },
            stroke: { scale: 'colour', field: 'governor' },
            strokeWidth: { value: 1.3 },
            strokeOpacity: { value: 0.85 },
            interpolate: { value: interpolate },
          },
        },
      },
    ],
  }
}
