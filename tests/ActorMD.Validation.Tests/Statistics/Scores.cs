using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using Xunit.Abstractions;

namespace ActorMD.Validation.Tests.Statistics;

/// <summary>The deviations of all checks in units of their standard errors: together they must be standard normal.</summary>
/// <remarks>
/// Problem: a check that allows four standard errors does not notice that errors are estimated too large, and hardly that they are too
/// small. Idea: over all checks and many seeds the deviations must have the law that they claim. Deviations of one test are of one
/// trajectory, and so not independent: of each test and set of seeds one is taken, in turn.
/// </remarks>
internal static class Scores
{
    private const string Variable = "ACTORMD_VALIDATION_SCORES";

    /// <summary>Where they are collected; null: nowhere.</summary>
    public static string? Folder { get; } = Environment.GetEnvironmentVariable(Variable);

    /// <summary>Notes a deviation.</summary>
    /// <param name="test">Output of the test that it belongs to.</param>
    /// <param name="name">What was measured.</param>
    /// <param name="z">In standard errors, of normal law.</param>
    public static void Note(ITestOutputHelper test, string name, double z)
    {
        if (Folder is not null)
        {
            string file = $"{FreshSeeds.Number}-{Environment.ProcessId}-{RuntimeHelpers.GetHashCode(test)}.scores";
            File.AppendAllText(Path.Combine(Folder, file), string.Create(CultureInfo.InvariantCulture, $"{z:R};{name}\n"));
        }
    }

    /// <summary>One deviation of each test and set of seeds.</summary>
    public static ImmutableArray<double> Read(string folder)
    {
        ImmutableArray<double>.Builder scores = ImmutableArray.CreateBuilder<double>();
        foreach (string path in Directory.GetFiles(folder, "*.scores").Order(StringComparer.Ordinal))
        {
            string[] lines = File.ReadAllLines(path);
            int turn = int.Parse(Path.GetFileName(path).Split('-')[0], CultureInfo.InvariantCulture) % lines.Length;
            scores.Add(double.Parse(lines[turn].Split(';')[0], CultureInfo.InvariantCulture));
        }

        return scores.ToImmutable();
    }

    /// <summary>Whether deviations are standard normal, and the numbers that say so.</summary>
    /// <param name="scores">Independent deviations.</param>
    public static (bool IsNormal, string Text) Judge(IReadOnlyList<double> scores)
    {
        const double PValueMin = 1e-3, SigmaMax = 3.3; // 1e-3, too
        double count = scores.Count, mean = scores.Average(), square = scores.Average(z => z * z);
        double p = KolmogorovSmirnov.PValue([.. scores], KolmogorovSmirnov.StandardNormal);
        double meanZ = mean * Math.Sqrt(count);
        // Wilson and Hilferty's cube root of chi squared is normal (Proc. Nat. Acad. Sci. 17, 684 (1931)).
        double squareZ = (Math.Cbrt(square) - 1 + 2 / (9 * count)) / Math.Sqrt(2 / (9 * count));
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{count} deviations: mean {mean:F3} ({meanZ:+0.0;-0.0} sigma), mean square {square:F3} ({squareZ:+0.0;-0.0} sigma), "
                + $"p = {p:G2} of the normal law");
        return (p >= PValueMin && Math.Abs(meanZ) <= SigmaMax && Math.Abs(squareZ) <= SigmaMax, text);
    }

    /// <summary>The normal deviation that is as improbable as one of Student's law.</summary>
    /// <remarks>Wallace, Ann. Math. Stat. 30, 1121 (1959); better than 0.02 from 8 degrees of freedom on.</remarks>
    /// <param name="t">A deviation divided by a standard error that was estimated.</param>
    /// <param name="degreesOfFreedom">Of the estimate.</param>
    public static double NormalOf(double t, int degreesOfFreedom) =>
        Math.Sign(t) * (8.0 * degreesOfFreedom + 1) / (8.0 * degreesOfFreedom + 3)
        * Math.Sqrt(degreesOfFreedom * Math.Log(1 + t * t / degreesOfFreedom));

    /// <summary>The normal deviation below which lies a share p of all.</summary>
    public static double NormalOf(double p)
    {
        double low = -8, high = 8;
        for (int n = 0; n < 60; n++)
        {
            double middle = 0.5 * (low + high);
            (low, high) = KolmogorovSmirnov.StandardNormal(middle) < p ? (middle, high) : (low, middle);
        }

        return 0.5 * (low + high);
    }
}
