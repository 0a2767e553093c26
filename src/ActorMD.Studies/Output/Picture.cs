using System.Text;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace ActorMD.Studies.Output;

/// <summary>Diagrams as SVG.</summary>
public sealed class Picture
{
    private const double Width = 720, Height = 480;

    // Those of the page (report.css).
    private static readonly OxyColor[] Colors =
    [
        OxyColor.FromRgb(0x1f, 0x5f, 0xa8), OxyColor.FromRgb(0xc0, 0x56, 0x1f), OxyColor.FromRgb(0x3a, 0x7d, 0x34),
        OxyColor.FromRgb(0x7a, 0x4f, 0xa3),
        OxyColor.FromRgb(0x8a, 0x6d, 0x1a), OxyColor.FromRgb(0xb0, 0x30, 0x60), OxyColor.FromRgb(0x20, 0x8a, 0x8a),
        OxyColor.FromRgb(0x5a, 0x5a, 0x5a),
    ];

    private readonly PlotModel _model;
    private double _low = double.PositiveInfinity;
    private double _high = double.NegativeInfinity;

    /// <param name="title">Above the diagram.</param>
    /// <param name="x">What is drawn to the right.</param>
    /// <param name="y">What is drawn upwards.</param>
    /// <param name="isLogX">Whether the axis to the right is logarithmic.</param>
    /// <param name="isLogY">Whether the axis upwards is logarithmic.</param>
    public Picture(string title, string x, string y, bool isLogX, bool isLogY)
    {
        _model = new PlotModel { Title = title, TitleFontSize = 14, DefaultFont = "sans-serif", Background = OxyColors.White };
        _model.Axes.Add(Axis(AxisPosition.Bottom, x, isLogX));
        _model.Axes.Add(Axis(AxisPosition.Left, y, isLogY));
        _model.Legends.Add(
            new Legend { LegendPlacement = LegendPlacement.Outside, LegendPosition = LegendPosition.RightTop, LegendFontSize = 11 });
    }

    /// <summary>Points, with error bars where errors are given; numbers that no axis can show are left out.</summary>
    public void AddPoints(string name, IEnumerable<(double X, double Y, double Error)> points, int color)
    {
        (double X, double Y, double Error)[] shown = [.. points.Where(p => double.IsFinite(p.Y) && (p.Y > 0 || !IsLogY))];
        ScatterSeries series = new() { Title = name, MarkerType = MarkerType.Circle, MarkerSize = 3.5, MarkerFill = Color(color) };
        series.Points.AddRange(shown.Select(p => new ScatterPoint(p.X, p.Y)));
        _model.Series.Add(series);
        foreach ((double x, double y, double error) in shown.Where(p => p.Error > 0))
        {
            double low = IsLogY ? Math.Max(y - error, 0.1 * y) : y - error;
            AddLine(null, [(x, low), (x, y + error)], color, isDashed: false);
        }

        foreach ((_, double y, _) in shown)
        {
            Reach(y);
        }
    }

    /// <summary>A line.</summary>
    public void AddLine(string? name, IEnumerable<(double X, double Y)> points, int color, bool isDashed, double width = 1.2)
    {
        LineSeries series = new()
        {
            Title = name,
            Color = Color(color),
            StrokeThickness = width,
            LineStyle = isDashed ? LineStyle.Dash : LineStyle.Solid,
            RenderInLegend = name is not null,
        };
        foreach ((double x, double y) in points)
        {
            series.Points.Add(new DataPoint(x, y));
            Reach(y);
        }

        _model.Series.Add(series);
    }

    /// <summary>Words at 0, 1, 2, ... of the axis to the right.</summary>
    public void NameX(IEnumerable<string> words) => _model.Axes[0] = Named(_model.Axes[0], words);

    /// <summary>Words at 0, 1, 2, ... of the axis upwards.</summary>
    public void NameY(IEnumerable<string> words) => _model.Axes[1] = Named(_model.Axes[1], words);

    /// <summary>Only whole numbers on the axis to the right.</summary>
    public void CountX() => _model.Axes[0].MinimumMajorStep = 1;

    /// <summary>The diagram as an SVG document.</summary>
    public string ToSvg()
    {
        // What differs by rounding only is one value: no axis has so many digits.
        if (!IsLogY && _high >= _low && _high - _low <= 1e-12 * Math.Max(Math.Abs(_low), Math.Abs(_high)))
        {
            _model.Axes[1].Minimum = Math.Min(0, 2 * _low);
            _model.Axes[1].Maximum = _low == 0 ? 1 : Math.Max(0, 2 * _low);
        }

        using MemoryStream stream = new();
        new SvgExporter { Width = Width, Height = Height, TextMeasurer = new WideText() }.Export(_model, stream);
        return new UTF8Encoding().GetString(stream.ToArray()).TrimStart('\uFEFF');
    }

    // Every machine has another font for sans-serif; DejaVu Sans, a wide one, is much wider than what OxyPlot measures by.
    private sealed class WideText() : PdfRenderContext(Width, Height, OxyColors.White)
    {
        public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
        {
            OxySize size = base.MeasureText(text, fontFamily, fontSize, fontWeight);
            return new OxySize(1.5 * size.Width, 1.2 * size.Height);
        }
    }

    private void Reach(double y)
    {
        _low = Math.Min(_low, y);
        _high = Math.Max(_high, y);
    }

    private bool IsLogY => _model.Axes[1] is LogarithmicAxis;

    private static OxyColor Color(int number) => Colors[number % Colors.Length];

    private static CategoryAxis Named(Axis axis, IEnumerable<string> words)
    {
        // Words at the left say themselves what they are.
        string title = axis.Position == AxisPosition.Left ? "" : axis.Title;
        CategoryAxis named = new() { Position = axis.Position, Title = title, MajorGridlineStyle = LineStyle.None };
        named.Labels.AddRange(words);
        return named;
    }

    private static Axis Axis(AxisPosition position, string title, bool isLog)
    {
        Axis axis = isLog ? new LogarithmicAxis() : new LinearAxis();
        axis.Position = position;
        axis.Title = title;
        axis.AxisTitleDistance = 10;
        // No point is cut by the frame.
        axis.MinimumPadding = axis.MaximumPadding = 0.03;
        axis.MajorGridlineStyle = LineStyle.Solid;
        axis.MajorGridlineColor = OxyColor.FromRgb(0xdd, 0xdd, 0xdd);
        return axis;
    }
}
