using ActorMD.Studies.Output;

namespace ActorMD.Studies.Hierarchy;

/// <summary>rates.svg: the rate that the true exponents of the bad sets give the papers' scheme, beside the proved one.</summary>
/// <remarks>
/// Our reading (docs/hierarchy.md): with Gaussian weights the scheme of [Mix] gives eps^((d-1)/(4d+d+3)) for M = 1 with the proved bounds,
/// and eps^((d-1)/(d+1)) with the true ones; eps is what fluctuations of order 1/N and the transport over a diameter allow in space.
/// </remarks>
internal static class RatesPicture
{
    public static string Svg(int dimension)
    {
        double d = dimension, proved = (d - 1) / (5 * d + 3), scheme = (d - 1) / (d + 1);
        Picture picture = new(
            $"{dimension} dimensions, pairs: |I_phi f_N - I_phi f| up to a constant", "eps", "eps^r", isLogX: true, isLogY: true);
        double[] eps = [.. Enumerable.Range(0, 13).Select(n => Math.Pow(10, -0.5 * n))];
        int color = 0;
        foreach (
            (string name, double rate) in ((string, double)[])[
                ("proved sizes of the bad sets", proved), ("true sizes of the bad sets", scheme), ("transport over a diameter", 1)])
        {
            picture.AddLine(
                FormattableString.Invariant($"{name}: r = {rate:F3}"), eps.Select(e => (e, Math.Pow(e, rate))), color++, isDashed: false,
                width: 2);
        }

        return picture.ToSvg();
    }
}
