using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorMD.Files.Inputs;
using ActorMD.Studies.Convergence;
using ActorMD.Studies.Output;

namespace ActorMD.Studies.Fluctuations;

/// <summary>What a study of fluctuations found.</summary>
/// <param name="Schema">actormd-fluctuations/1.</param>
/// <param name="Name">Of the study.</param>
/// <param name="Version">Of ActorMD.</param>
/// <param name="MeanFreeTime">Of the fastest species, simulation time.</param>
/// <param name="Truncation">The largest change of a covariance of the linear equation when its polynomials end two degrees earlier.</param>
/// <param name="Rungs">Ladder of N.</param>
/// <param name="Rate">The power of eps of the differences.</param>
/// <param name="Theorem">What is proved.</param>
public sealed record FluctuationResult(
    string Schema,
    string Name,
    string Version,
    double? MeanFreeTime,
    double Truncation,
    ImmutableArray<FluctuationRung> Rungs,
    RateFit Rate,
    string Theorem)
{
    public const string SchemaName = "actormd-fluctuations/1";

    /// <summary>Indented JSON with a newline at its end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonStyle.Reflected) + "\n";

    /// <summary>One row per N, pair of species, number of waves and time.</summary>
    public string ToCsv()
    {
        StringBuilder text = new("particles,epsilon,replicas,pair,waves,time,covariance,error,linear,linear_error\n");
        foreach (FluctuationRung rung in Rungs)
        {
            foreach (Covariance c in rung.Covariances)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{rung.Particles},{rung.Epsilon:R},{rung.Replicas},{c.Pair},{c.Waves},{c.Time:R},{c.Value:R},{c.Error:R},{c.Linear:R},{c.LinearError:R}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>The covariances at the largest N as points, the linear equation as lines.</summary>
    public string ToSvg()
    {
        Picture picture = new($"{Name}: covariance of the density field, N = {Rungs[^1].Particles}", "time", "covariance", isLogX: false,
            isLogY: false);
        int color = 0;
        foreach (IGrouping<(string, int), Covariance> curve in Rungs[^1].Covariances.GroupBy(c => (c.Pair, c.Waves)))
        {
            picture.AddPoints($"{curve.Key.Item1}, {curve.Key.Item2} waves", curve.Select(c => (c.Time, c.Value, c.Error)), color);
            picture.AddLine(null, curve.Select(c => (c.Time, c.Linear)), color++, isDashed: true);
        }

        return picture.ToSvg();
    }
}

/// <summary>One number of particles.</summary>
/// <param name="Particles">N.</param>
/// <param name="Epsilon">The largest diameter or zone.</param>
/// <param name="Replicas">Independent runs.</param>
/// <param name="Seconds">Wall time of them.</param>
/// <param name="All">Root mean square difference to the linear equation.</param>
/// <param name="Covariances">All of them.</param>
public sealed record FluctuationRung(
    int Particles, double Epsilon, int Replicas, double Seconds, MeasuredDifference All, ImmutableArray<Covariance> Covariances);

/// <summary>One covariance.</summary>
/// <param name="Pair">The species.</param>
/// <param name="Waves">In the box.</param>
/// <param name="Time">Between both moments.</param>
/// <param name="Value">Of the particles.</param>
/// <param name="Error">Standard error of it.</param>
/// <param name="Linear">Of the linear equation, in the limit.</param>
/// <param name="LinearError">Of its sampled collisions.</param>
public sealed record Covariance(string Pair, int Waves, double Time, double Value, double Error, double Linear, double LinearError);
