using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ActorMD.Kinetic.Hierarchy;

namespace ActorMD.Studies.Hierarchy;

/// <summary>terms.csv: every term of a series, as a whole (<c>steps</c> is <c>all</c>) and by the sequence of its steps.</summary>
internal static class TermsTable
{
    public static string Csv(ImmutableArray<SeriesTerm> terms)
    {
        StringBuilder text = new(
            "time,observable,k,steps,estimate,error,unsigned,unsigned_error,cut_by_energy,cut_by_separation,samples\n");
        foreach (SeriesTerm term in terms)
        {
            Row(
                term, "all", term.Estimate, term.Error, term.Unsigned, term.UnsignedError,
                $"{Text(term.CutByEnergy)},{Text(term.CutBySeparation)}", term.Samples);
            foreach (StratumTerm part in term.Parts)
            {
                Row(term, part.Name, part.Estimate, part.Error, part.Unsigned, part.UnsignedError, ",", part.Samples);
            }
        }

        return text.ToString();

        void Row(SeriesTerm term, string steps, double estimate, double error, double all, double allError, string cut, long samples) =>
            text.Append(
            CultureInfo.InvariantCulture,
            $"{Text(term.Time)},{term.Observable},{term.K},{steps},{Text(estimate)},{Text(error)},{Text(all)},{Text(allError)},{cut},{samples}\n");
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
