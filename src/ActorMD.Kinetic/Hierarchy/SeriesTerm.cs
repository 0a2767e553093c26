using System.Collections.Immutable;

namespace ActorMD.Kinetic.Hierarchy;

/// <summary>One term of a series: k additions.</summary>
/// <param name="Time">t.</param>
/// <param name="Observable">Its name.</param>
/// <param name="K">k.</param>
/// <param name="Estimate">The term.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Unsigned">The same with all signs +: how large the parts are that cancel.</param>
/// <param name="UnsignedError">Standard error of that.</param>
/// <param name="CutByEnergy">What trees beyond the truncation of the energy contribute.</param>
/// <param name="CutBySeparation">What trees with times too close contribute.</param>
/// <param name="Samples">Trees.</param>
/// <param name="Parts">Stratum by stratum.</param>
public sealed record SeriesTerm(
    double Time,
    string Observable,
    int K,
    double Estimate,
    double Error,
    double Unsigned,
    double UnsignedError,
    double CutByEnergy,
    double CutBySeparation,
    long Samples,
    ImmutableArray<StratumTerm> Parts)
{
    internal static SeriesTerm Of(
        SeriesModel model,
        double time,
        int observable,
        int k,
        (double Value, double Error) normalisation,
        IReadOnlyList<(TreeStratum Stratum, TreeSums Sums)> strata)
    {
        double scale = 1 / normalisation.Value;
        StratumTerm[] parts = [.. strata.Select(s =>
        {
            (double mean, double variance) = s.Sums.MeanOf(observable);
            (double all, double allVariance) = s.Sums.MeanOf(observable, 2);
            return new StratumTerm(
                s.Stratum.Name(model.Gas), scale * mean, scale * Math.Sqrt(variance), scale * all, scale * Math.Sqrt(allVariance),
                s.Sums.Count);
        })];
        // An error of Z_N moves all terms alike.
        double relative = normalisation.Error / normalisation.Value, estimate = parts.Sum(p => p.Estimate),
            all = parts.Sum(p => p.Unsigned);
        return new SeriesTerm(
            time, model.Observables[observable].Name, k, estimate, Root(parts.Select(p => p.Error).Append(relative * estimate)),
            all, Root(parts.Select(p => p.UnsignedError).Append(relative * all)), Cut(4), Cut(5), parts.Sum(p => p.Samples), [.. parts]);

        double Cut(int offset) => strata.Sum(s => scale * s.Sums.Values[observable * TreeSums.Width + offset] / s.Sums.Count);

        static double Root(IEnumerable<double> errors) => Math.Sqrt(errors.Sum(e => e * e));
    }
}

/// <summary>The part of a term that one sequence of steps contributes.</summary>
/// <param name="Name">The steps.</param>
/// <param name="Estimate">The part.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Unsigned">With all signs +.</param>
/// <param name="UnsignedError">Standard error of that.</param>
/// <param name="Samples">Trees.</param>
public sealed record StratumTerm(string Name, double Estimate, double Error, double Unsigned, double UnsignedError, long Samples);
