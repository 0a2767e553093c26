using ActorMD.Physics.Numerics;

namespace ActorMD.Physics;

/// <summary>The diameters below which shares (k + 1/2)/N of a <see cref="SizeDistribution"/> lie, rising.</summary>
/// <remarks>
/// Densities are integrated over the logarithm of the diameter by Simpson's rule on a fixed grid, and the integral is inverted by
/// interpolation: the relative error of a diameter is below 1e-7 in all but the emptiest tails. Histograms are inverted exactly.
/// </remarks>
internal static class SizeQuantiles
{
    private const int StepCount = 1 << 14;

    public static double[] Of(SizeDistribution sizes)
    {
        ReadOnlySpan<double> n = sizes.Numbers.AsSpan();
        return sizes.Form switch
        {
            SizeForm.Uniform => OfHistogram(n, [1], sizes.Count),
            SizeForm.Histogram => OfHistogram(n[..(n.Length / 2 + 1)], n[(n.Length / 2 + 1)..], sizes.Count),
            SizeForm.Values => OfValues(n[..(n.Length / 2)], n[(n.Length / 2)..], sizes.Count),
            _ => OfDensity(sizes),
        };
    }

    /// <summary>Density over the logarithm of the diameter, times any factor.</summary>
    private static double DensityAt(SizeForm form, ReadOnlySpan<double> numbers, double logarithm)
    {
        double x = PortableMath.Exp(logarithm);
        switch (form)
        {
            case SizeForm.Normal:
                double offset = (x - numbers[0]) / numbers[1];
                return x * PortableMath.Exp(-0.5 * offset * offset);
            case SizeForm.LogNormal:
                (double mean, double spread) = SizeForms.LogarithmOf(numbers[0], numbers[1]);
                double scaled = (logarithm - mean) / spread;
                return PortableMath.Exp(-0.5 * scaled * scaled);
            case SizeForm.Schulz:
                double shape = numbers[0] / numbers[1] * (numbers[0] / numbers[1]), relative = x / numbers[0];
                return PortableMath.Exp(shape * (PortableMath.Log(relative) - relative + 1));
            case SizeForm.PowerLaw:
                return PortableMath.Exp((1 - numbers[0]) * (logarithm - PortableMath.Log(numbers[1])));
            default:
                throw new ArgumentOutOfRangeException(nameof(form));
        }
    }

    private static double[] OfDensity(SizeDistribution sizes)
    {
        ReadOnlySpan<double> numbers = sizes.Numbers.AsSpan();
        double min = numbers[^2], max = numbers[^1], low = PortableMath.Log(min), step = (PortableMath.Log(max) - low) / StepCount;
        double[] below = new double[StepCount + 1];
        double left = DensityAt(sizes.Form, numbers, low);
        for (int k = 0; k < StepCount; k++)
        {
            double right = DensityAt(sizes.Form, numbers, low + (k + 1) * step);
            below[k + 1] = below[k] + left + 4 * DensityAt(sizes.Form, numbers, low + (k + 0.5) * step) + right;
            left = right;
        }

        double[] diameters = new double[sizes.Count];
        int at = 0;
        for (int k = 0; k < diameters.Length; k++)
        {
            double share = (k + 0.5) / diameters.Length * below[StepCount];
            while (at < StepCount - 1 && below[at + 1] < share)
            {
                at++;
            }

            double within = (share - below[at]) / (below[at + 1] - below[at]);
            diameters[k] = Math.Clamp(PortableMath.Exp(low + (at + within) * step), min, max);
        }

        return diameters;
    }

    private static double[] OfHistogram(ReadOnlySpan<double> edges, ReadOnlySpan<double> shares, int count)
    {
        double total = 0;
        foreach (double share in shares)
        {
            total += share;
        }

        double[] diameters = new double[count];
        double below = 0;
        int bin = 0;
        for (int k = 0; k < count; k++)
        {
            double wanted = (k + 0.5) / count * total;
            while (bin < shares.Length - 1 && below + shares[bin] <= wanted)
            {
                below += shares[bin++];
            }

            double within = Math.Min((wanted - below) / shares[bin], 1);
            diameters[k] = edges[bin] + within * (edges[bin + 1] - edges[bin]);
        }

        return diameters;
    }

    private static double[] OfValues(ReadOnlySpan<double> values, ReadOnlySpan<double> shares, int count)
    {
        double total = 0;
        foreach (double share in shares)
        {
            total += share;
        }

        double[] diameters = new double[count];
        double below = 0;
        int value = 0;
        for (int k = 0; k < count; k++)
        {
            while (value < shares.Length - 1 && below + shares[value] <= (k + 0.5) / count * total)
            {
                below += shares[value++];
            }

            diameters[k] = values[value];
        }

        return diameters;
    }
}
