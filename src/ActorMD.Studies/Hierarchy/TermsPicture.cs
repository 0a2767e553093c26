using System.Collections.Immutable;
using ActorMD.Kinetic.Hierarchy;
using ActorMD.Studies.Output;

namespace ActorMD.Studies.Hierarchy;

/// <summary>terms.svg: how large the terms are over k, beside their size with all signs +.</summary>
internal static class TermsPicture
{
    public static string Svg(string name, ImmutableArray<SeriesTerm> terms)
    {
        double time = terms[^1].Time;
        Picture picture = new(
            FormattableString.Invariant($"{name}: terms of the series at time {time:G4}"), "k", "size of the term", isLogX: false,
            isLogY: true);
        int color = 0;
        foreach (IGrouping<string, SeriesTerm> observable in terms.Where(t => t.Time == time).GroupBy(t => t.Observable))
        {
            picture.AddPoints(observable.Key, observable.Select(t => ((double)t.K, Math.Abs(t.Estimate), t.Error)), color);
            picture.AddLine(
                $"{observable.Key}, all signs +", observable.Where(t => Math.Abs(t.Unsigned) > 0)
                    .Select(t => ((double)t.K, Math.Abs(t.Unsigned))), color, isDashed: true);
            color++;
        }

        return picture.ToSvg();
    }
}
