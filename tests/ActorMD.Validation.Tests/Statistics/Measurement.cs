using Xunit.Abstractions;

namespace ActorMD.Validation.Tests.Statistics;

/// <summary>A measured number beside the one that theory gives.</summary>
/// <param name="Name">What was measured, and where.</param>
/// <param name="Measured">Value and standard error.</param>
/// <param name="Theory">The value expected.</param>
internal sealed record Measurement(string Name, BlockAverage Measured, double Theory)
{
    // With many sets of seeds there are so many checks that one of them may well be beyond 4.
    private static readonly double SigmaMax = FreshSeeds.Number == 0 ? 4 : 5.5;

    /// <summary>
    /// Writes the numbers down and asserts both: the noise is at most <paramref name="errorMax"/> (else nothing was shown), and
    /// the value is within 4 standard errors (5.5 with fresh seeds), plus <paramref name="allowance"/> for the error of the theory itself.
    /// </summary>
    /// <param name="output">Gets one line.</param>
    /// <param name="errorMax">Largest allowed standard error, relative to theory.</param>
    /// <param name="allowance">Relative error of the theory.</param>
    public void Check(ITestOutputHelper output, double errorMax, double allowance = 0)
    {
        double deviation = Measured.Mean - Theory;
        double relativeError = Measured.StandardError / Math.Abs(Theory);
        string line = FormattableString.Invariant(
            $"{Name}: {Measured.Mean:G7} +- {Measured.StandardError:G2} ({100 * relativeError:F3} %), theory {Theory:G7}, ")
            + FormattableString.Invariant(
                $"{100 * deviation / Theory:+0.000;-0.000} % = {deviation / Measured.StandardError:+0.0;-0.0} standard errors");
        output.WriteLine(line);
        if (allowance == 0)
        {
            double t = deviation / Measured.StandardError;
            Scores.Note(output, Name, Measured.BlockCount == 0 ? t : Scores.NormalOf(t, Measured.BlockCount - 1));
        }

        Assert.True(relativeError <= errorMax, FormattableString.Invariant($"too noisy, {100 * errorMax} % are allowed: {line}"));
        Assert.True(
            Math.Abs(deviation) <= SigmaMax * Measured.StandardError + allowance * Math.Abs(Theory),
            FormattableString.Invariant($"beyond {SigmaMax} standard errors + {100 * allowance} %: {line}"));
    }
}
