using System.Collections.Immutable;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Scalings;

/// <summary>What is known of one species of a mixture in Boltzmann-Grad scaling.</summary>
/// <param name="Name">Of the species.</param>
/// <param name="Mass">M_a.</param>
/// <param name="Count">N_a, if known.</param>
/// <param name="Diameter">eps_a, if known.</param>
/// <param name="Constant">c_a = N_a eps_a^(d-1), if known.</param>
/// <param name="Ratio">b = eps_a / eps of the last species, if known; 1 for the last one.</param>
public sealed record MixtureMember(
    string Name, double Mass = 1, double? Count = null, double? Diameter = null, double? Constant = null, double? Ratio = null);

/// <summary>
/// The mixed Boltzmann-Grad scaling for any number of species: N_a eps_a^(d-1) = c_a, eps_a = b_a eps_S, hence
/// N_a = (c_a/c_S) b_a^(1-d) N_S [Mix 2.28-2.30].
/// </summary>
public static class MixtureScaling
{
    private const double Tolerance = 1e-9;

    /// <summary>Finds all counts and diameters from what is known.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="members">What is known; the ratios refer to the last one.</param>
    /// <param name="volume">Of the box; the papers have 1.</param>
    /// <remarks>
    /// Counts are rounded to whole numbers. A diameter that was found from a count then belongs to the whole one, so that
    /// c stays exact; a given diameter stays as it is, and c is the one that results.
    /// </remarks>
    /// <exception cref="ScalingException">Something is missing or contradicts.</exception>
    public static ScaledGas Solve(int dimension, ImmutableArray<MixtureMember> members, double volume = 1)
    {
        if (members.IsEmpty)
        {
            throw ScalingException.NoSpecies();
        }

        Box box = ScaledGas.BoxOf(dimension, Positive("the volume", volume));
        Unknown[] unknowns = [.. members.Select(m => new Unknown(m))];
        unknowns[^1].Ratio ??= 1;
        bool changes = true;
        while (changes)
        {
            changes = false;
            foreach (Unknown unknown in unknowns)
            {
                changes |= unknown.SolveConstant(dimension);
            }

            changes |= ShareDiameters(unknowns);
        }

        foreach (Unknown unknown in unknowns)
        {
            unknown.Finish(dimension, unknowns[^1]);
        }

        return new ScaledGas(
            new Gas(box, [.. unknowns.Select(u => new Species(u.Name, u.Mass, u.Diameter!.Value))], []),
            [.. unknowns.Select(u => (int)u.Count!.Value)]);
    }

    // One known diameter gives all that have a ratio.
    private static bool ShareDiameters(Unknown[] unknowns)
    {
        Unknown? known = unknowns.FirstOrDefault(u => u is { Diameter: not null, Ratio: not null });
        bool changes = false;
        foreach (Unknown unknown in unknowns)
        {
            if (known is not null && unknown is { Diameter: null, Ratio: not null })
            {
                unknown.Diameter = known.Diameter * unknown.Ratio / known.Ratio;
                changes = true;
            }
        }

        return changes;
    }

    private static double Positive(string quantity, double value) =>
        double.IsFinite(value) && value > 0 ? value : throw ScalingException.NotPositive(quantity, value);

    private sealed class Unknown
    {
        private readonly bool _isDiameterGiven;

        public Unknown(MixtureMember member)
        {
            Name = member.Name;
            Mass = Positive($"the mass of {Name}", member.Mass);
            Count = Checked("the count", member.Count);
            Diameter = Checked("the diameter", member.Diameter);
            Constant = Checked("the constant c", member.Constant);
            Ratio = Checked("the ratio b", member.Ratio);
            _isDiameterGiven = Diameter is not null;
            if (Count is { } count)
            {
                Count = Math.Round(count);
            }

            double? Checked(string quantity, double? value) =>
                value is { } given ? Positive($"{quantity} of {Name}", given) : null;
        }

        public string Name { get; }

        public double Mass { get; }

        public double? Count { get; private set; }

        public double? Diameter { get; set; }

        public double? Constant { get; private set; }

        public double? Ratio { get; set; }

        /// <summary>N eps^(d-1) = c, for whichever of the three is missing.</summary>
        public bool SolveConstant(int dimension)
        {
            if (Count is null && Diameter is { } eps && Constant is { } c)
            {
                Count = Math.Round(c / Math.Pow(eps, dimension - 1));
                if (!_isDiameterGiven && Count >= 1)
                {
                    Diameter = Math.Pow(c / Count.Value, 1.0 / (dimension - 1));
                }

                return true;
            }

            if (Diameter is null && Count is { } n && Constant is { } known)
            {
                Diameter = Math.Pow(known / n, 1.0 / (dimension - 1));
                return true;
            }

            if (Constant is null && Count is { } count && Diameter is { } diameter)
            {
                Constant = count * Math.Pow(diameter, dimension - 1);
                return true;
            }

            return false;
        }

        public void Finish(int dimension, Unknown last)
        {
            if (Count is not { } count || Diameter is not { } diameter || Constant is not { } constant)
            {
                throw ScalingException.Missing(Name, Diameter is null ? "the diameter" : "the count");
            }

            if (!(count >= 1 && count <= int.MaxValue))
            {
                throw ScalingException.TooManyParticles(Name, count);
            }

            // Rounding the count may change c by half a particle.
            double present = count * Math.Pow(diameter, dimension - 1);
            if (Math.Abs(present - constant) > (Tolerance + 0.5 / count) * constant)
            {
                throw ScalingException.Contradiction(Name, count, diameter, constant);
            }

            double ratio = diameter / last.Diameter!.Value;
            if (Ratio is { } b && Math.Abs(ratio - b) > (Tolerance + 0.5 / count + 0.5 / last.Count!.Value) * b)
            {
                throw ScalingException.RatioContradiction(Name, b, ratio);
            }
        }
    }
}
