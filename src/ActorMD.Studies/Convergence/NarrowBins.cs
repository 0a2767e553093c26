using ActorMD.Files.Studies;
using ActorMD.Physics;

namespace ActorMD.Studies.Convergence;

/// <summary>
/// I_phi f^(1) over narrow bins for phi of compact support, as the theorems have it [Mix 5.3, High 5.4]: phi = (1 - |v|^2/R^2)^2 for |v|
/// below R = 3 thermal speeds and 0 beyond, and
/// phi times the velocity along the axis of the bins over the thermal speed.
/// </summary>
internal sealed class NarrowBins
{
    private const int PerBin = 4;
    private const double Reach = 3;
    private const int FunctionCount = 2;

    private readonly Box _box;
    private readonly int _axis;
    private readonly int _speciesCount;
    private readonly double[] _speeds;

    /// <param name="study">Box, axis, bins.</param>
    /// <param name="observables">For the thermal speeds.</param>
    public NarrowBins(Study study, BinObservables observables)
    {
        _box = study.Case.Gas.Box;
        _axis = study.Axis;
        _speciesCount = study.Case.Gas.Species.Length;
        _speeds = [.. observables.ThermalSpeeds];
        BinCount = study.IsHomogeneous ? 1 : PerBin * study.BinCount;
    }

    /// <summary>One where nothing depends on space.</summary>
    public int BinCount { get; }

    /// <summary>Species after species, function after function, bin after bin.</summary>
    public double[] Of(ReadOnlySpan<ParticleState> particles, double time)
    {
        double[] values = new double[_speciesCount * FunctionCount * BinCount];
        int[] counts = new int[_speciesCount];
        double length = _box.Lengths[_axis];
        foreach (ref readonly ParticleState particle in particles)
        {
            counts[particle.Kind]++;
            double speed = _speeds[particle.Kind], left = 1 - particle.Velocity.LengthSquared / (Reach * Reach * speed * speed);
            if (left <= 0)
            {
                continue;
            }

            double place = particle.PositionAt(time)[_axis];
            place -= _box.IsPeriodic(_axis) ? length * Math.Floor(place / length) : 0;
            int at = particle.Kind * FunctionCount * BinCount + Math.Clamp((int)(place / length * BinCount), 0, BinCount - 1);
            values[at] += left * left;
            values[at + BinCount] += left * left * particle.Velocity[_axis] / speed;
        }

        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= BinCount / (_box.Volume * Math.Max(counts[i / (FunctionCount * BinCount)], 1));
        }

        return values;
    }

    /// <summary>The largest difference between two ensembles, relative to the largest value of phi itself for the species.</summary>
    /// <param name="particles">Replicas.</param>
    /// <param name="kinetic">Runs of the kinetic solver.</param>
    /// <param name="time">Index of the time.</param>
    /// <remarks>
    /// The largest of many noisy numbers is too large. So the place and the sign are chosen by one half of the replicas and runs, and the
    /// difference is read off the other half, both ways:
    /// its mean is the difference at the chosen place, at most the true largest one.
    /// </remarks>
    public SupDifference Compare(Ensemble particles, Ensemble kinetic, int time)
    {
        (double[] Means, double[] Variances) mine = particles.Average(time), theirs = kinetic.Average(time);
        double[] units = Units(theirs.Means);
        double largest = 0, noise = 0;
        for (int i = 0; i < units.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(mine.Means[i] - theirs.Means[i]) / units[i]);
            noise += (mine.Variances[i] + theirs.Variances[i]) / (units[i] * units[i]);
        }

        (double[] Differences, double[] Variances)[] halves = [Half(0), Half(1)];
        double held = 0, variance = 0;
        for (int half = 0; half < 2; half++)
        {
            double[] chooses = halves[half].Differences;
            int place = Array.IndexOf(chooses, chooses.MaxBy(Math.Abs));
            held += 0.5 * Math.Sign(chooses[place]) * halves[1 - half].Differences[place];
            variance += 0.25 * halves[1 - half].Variances[place];
        }

        return new SupDifference(held, Math.Sqrt(variance), largest, Math.Sqrt(noise / units.Length));

        (double[] Differences, double[] Variances) Half(int parity)
        {
            (double[] Means, double[] Variances) a = particles.Average(time, Every(particles.Count, parity)), b = kinetic
                .Average(time, Every(kinetic.Count, parity));
            return (
                [.. units.Select((unit, i) => (a.Means[i] - b.Means[i]) / unit)],
                    [.. units.Select((unit, i) => (a.Variances[i] + b.Variances[i]) / (unit * unit))]);
        }

        static int[] Every(int count, int parity) => [.. Enumerable.Range(0, count).Where(n => n % 2 == parity)];
    }

    // The largest value of phi of the species, for both functions.
    private double[] Units(double[] means) =>
        [.. means.Select((_, i) => means.AsSpan(i / (FunctionCount * BinCount) * FunctionCount * BinCount, BinCount).ToArray().Max())];
}
