using ActorMD.Physics;
using ActorMD.Report.Plots;

namespace ActorMD.Report.Scenes;

/// <summary>Velocity components of one species, over all particles of some frames.</summary>
/// <param name="species">Its name.</param>
/// <param name="mass">Of a particle.</param>
/// <param name="dimension">d.</param>
/// <param name="scale">A velocity that is of the size of the thermal speed; bins are a fraction of it.</param>
internal sealed class VelocityHistogram(string species, double mass, int dimension, double scale)
{
    private const int BinsPerScale = 20;
    private const int BinCount = 12 * BinsPerScale; // from -6 to 6
    private const double ShownWidth = 0.25; // in thermal speeds

    private readonly long[] _bins = new long[BinCount];
    private double _sum2, _sum4;

    public string Species { get; } = species;

    /// <summary>Velocities that were counted.</summary>
    public long Count { get; private set; }

    /// <summary>m v^2 / d of these velocities: they are taken as they are, without a mean motion.</summary>
    public double Temperature => mass * _sum2 / (dimension * Count);

    /// <summary>Mean fourth power of the speed over that of a Maxwellian of the same temperature, (d + 2)/d times the squared mean
    /// square.</summary>
    public double FourthMomentRatio => _sum4 / Count / ((dimension + 2.0) / dimension * (_sum2 / Count) * (_sum2 / Count));

    public void Add(Vec3 velocity)
    {
        Count++;
        double square = velocity.LengthSquared;
        _sum2 += square;
        _sum4 += square * square;
        for (int axis = 0; axis < dimension; axis++)
        {
            int bin = (int)Math.Floor((velocity[axis] / scale + 6) * BinsPerScale);
            if (bin is >= 0 and < BinCount)
            {
                _bins[bin]++;
            }
        }
    }

    /// <summary>The density of v / sqrt(T/m), in bins of a quarter.</summary>
    public IEnumerable<PlotPoint> Points()
    {
        double thermal = Math.Sqrt(Temperature / mass) / scale, total = (double)dimension * Count;
        if (!(thermal > 0))
        {
            yield break;
        }

        int perBin = Math.Max(1, (int)Math.Round(ShownWidth * thermal * BinsPerScale));
        for (int first = 0; first + perBin <= BinCount; first += perBin)
        {
            long count = _bins.AsSpan(first, perBin).ToArray().Sum();
            double middle = ((first + 0.5 * perBin) / BinsPerScale - 6) / thermal, width = (double)perBin / BinsPerScale / thermal;
            if (count > 0 && Math.Abs(middle) <= 5)
            {
                yield return new PlotPoint(middle, count / total / width, Math.Sqrt(count) / total / width);
            }
        }
    }
}
