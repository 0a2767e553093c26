// Draws the diagrams of a report by uPlot. Colours are asked for at every drawing, so that a change between light and dark needs only a redraw.
(() => {
  const data = JSON.parse(document.getElementById('report-data').textContent);
  const style = getComputedStyle(document.documentElement);
  const color = name => () => style.getPropertyValue(name).trim();
  const seriesColor = k => color(`--c${k % 8}`);
  const height = 300;
  const drawn = [];

  const short = v => {
    if (v === null || v === undefined || !Number.isFinite(v)) return '';
    const digits = +v.toPrecision(5);
    return v !== 0 && (Math.abs(v) >= 1e5 || Math.abs(v) < 1e-3) ? digits.toExponential().replace('e+', 'e') : String(digits);
  };
  // On a logarithmic axis: powers of ten; where there are few of them 2 and 5 times these, too.
  const logSplits = (low, high) => {
    const digits = Math.log10(high / low) > 3 ? [1] : Math.log10(high / low) > 1 ? [1, 2, 5] : [1, 2, 3, 4, 5, 6, 8];
    const splits = [];
    for (let k = Math.floor(Math.log10(low)); k <= Math.log10(high); k++) {
      for (const digit of digits) {
        const v = +`${digit}e${k}`;
        if (v >= low && v <= high) splits.push(v);
      }
    }
    return splits;
  };
  // The end of a long name tells it from others.
  const cut = word => word.length > 16 ? `…${word.slice(-15)}` : word;
  const splitsOf = a => a.words ? { splits: () => a.words.map((_, k) => k), filter: (u, splits) => splits }
    : a.log ? { splits: (u, k, low, high) => logSplits(low, high), filter: (u, splits) => splits }
    : a.whole ? { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] } : {};
  const axis = (a, side) => ({
    label: a.label, labelSize: 20, labelGap: 0, size: side === 3 ? 62 : 34, font: '12px system-ui, sans-serif', labelFont: '12px system-ui, sans-serif',
    stroke: color('--soft'), grid: { stroke: color('--line'), width: 1 }, ticks: { stroke: color('--line'), width: 1 },
    values: (u, splits) => splits.map(v => a.words ? cut(a.words[v] ?? '') : short(v)), ...splitsOf(a),
    // Words say themselves what they are.
    ...(a.words && side === 3 ? { size: 125, label: undefined } : {}),
  });
  const range = (points, a) => {
    if (a.words) return [-0.5, a.words.length - 0.5];
    let low = Infinity, high = -Infinity;
    for (const p of points) { low = Math.min(low, p); high = Math.max(high, p); }
    if (a.log) return [low / 1.3, high * 1.3];
    // What differs by rounding only is one value: no axis has so many digits.
    if (high - low <= 1e-12 * Math.max(Math.abs(low), Math.abs(high))) return low === 0 ? [-1, 1] : [Math.min(0, 2 * low), Math.max(0, 2 * low)];
    return [low - 0.06 * (high - low), high + 0.06 * (high - low)];
  };

  // Error bars, and dashes for theory between words, are drawn over the canvas.
  const extras = plot => ({
    hooks: {
      draw: [u => {
        const ctx = u.ctx;
        ctx.save();
        ctx.beginPath();
        ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
        ctx.clip();
        ctx.setLineDash([]);
        plot.series.forEach((s, k) => {
          if (!u.series[k + 1].show) return;
          ctx.strokeStyle = seriesColor(s.color)();
          ctx.lineWidth = 1.4 * devicePixelRatio;
          s.x.forEach((x, n) => {
            const px = u.valToPos(x, 'x', true);
            if (s.e && s.e[n] > 0 && s.style !== 'theory') {
              const low = plot.y.log ? Math.max(s.y[n] - s.e[n], 0.1 * s.y[n]) : s.y[n] - s.e[n];
              ctx.globalAlpha = s.style === 'line' ? 0.35 : 1;
              ctx.beginPath();
              ctx.moveTo(px, u.valToPos(low, 'y', true));
              ctx.lineTo(px, u.valToPos(s.y[n] + s.e[n], 'y', true));
              ctx.stroke();
              ctx.globalAlpha = 1;
            }
            if (plot.x.words && s.style === 'theory') {
              const y = u.valToPos(s.y[n], 'y', true), half = 0.3 * Math.abs(u.valToPos(1, 'x', true) - u.valToPos(0, 'x', true));
              ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
              ctx.beginPath();
              ctx.moveTo(px - half, y);
              ctx.lineTo(px + half, y);
              ctx.stroke();
              ctx.setLineDash([]);
            }
          });
        });
        ctx.restore();
      }],
    },
  });

  const series = (plot, s) => {
    const isPoints = s.style === 'points', isDashes = plot.x.words && s.style === 'theory';
    return {
      label: s.name, stroke: seriesColor(s.color), width: isPoints || isDashes ? 0 : s.style === 'theory' ? 1.5 : 1.8, dash: s.style === 'theory' ? [6, 5] : undefined,
      paths: isPoints || isDashes ? () => null : undefined, spanGaps: true,
      points: { show: isPoints || (!isDashes && s.x.length < 3 && s.style === 'line'), size: 7, fill: seriesColor(s.color), stroke: seriesColor(s.color), width: 0 },
      value: (u, v) => plot.y.words && v !== null ? plot.y.words[v] ?? '' : short(v),
    };
  };

  // Marks of the legend: dashed for theory, as it is drawn.
  const mark = (u, plot) => u.root.querySelectorAll('.u-legend .u-series').forEach((row, k) => {
    if (k === 0) return;
    let dot = row.querySelector('i');
    if (!dot) { dot = document.createElement('i'); row.querySelector('th').prepend(dot); }
    const s = plot.series[k - 1];
    dot.className = s.style;
    dot.style.color = seriesColor(s.color)();
  });

  for (const plot of data.plots) {
    const place = document.querySelector(`[data-plot="${CSS.escape(plot.id)}"]`);
    const tables = plot.series.map(s => [s.x, s.y]);
    const joined = tables.length > 1 ? uPlot.join(tables) : tables[0];
    const ys = plot.series.flatMap(s => s.y.flatMap((y, n) => s.e && s.e[n] > 0 ? [plot.y.log ? Math.max(y - s.e[n], 0.3 * y) : y - s.e[n], y + s.e[n]] : [y]));
    const xRange = range(plot.series.flatMap(s => s.x), plot.x), yRange = range(ys, plot.y);
    const u = new uPlot({
      width: place.clientWidth, height,
      scales: { x: { time: false, distr: plot.x.log ? 3 : 1, range: (u, low, high) => low <= joined[0][0] && high >= joined[0].at(-1) ? xRange : [low, high] }, y: { distr: plot.y.log ? 3 : 1, range: () => yRange } },
      axes: [axis(plot.x, 2), axis(plot.y, 3)],
      series: [{ label: plot.x.label, value: (u, v) => plot.x.words && v !== null ? plot.x.words[v] ?? '' : short(v) }, ...plot.series.map(s => series(plot, s))],
      legend: { markers: { show: false } },
      cursor: { points: { size: 8 } },
      plugins: [extras(plot)],
    }, joined, place);
    new ResizeObserver(() => { if (place.clientWidth > 0 && place.clientWidth !== u.width) u.setSize({ width: place.clientWidth, height }); }).observe(place);
    mark(u, plot);
    drawn.push({ u, plot });
  }

  // What is printed is the SVG, which is in the page once, as the link to its file.
  for (const figure of document.querySelectorAll('figure[id^="plot-"]')) {
    figure.querySelector('.still').src = figure.querySelector('a[download$=".svg"]').href;
  }

  const scenes = window.actormdScenes ? window.actormdScenes(data.scenes, color, seriesColor) : [];
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    for (const { u, plot } of drawn) { u.redraw(false, true); mark(u, plot); }
    for (const scene of scenes) scene.recolour();
  });
  // For tests: how many of each were drawn.
  window.actormdReport = { plots: drawn.length, scenes: scenes.length };
})();
