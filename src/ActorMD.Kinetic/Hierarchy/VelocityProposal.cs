using System.Collections.Immutable;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Kinetic.Hierarchy;

/// <summary>
/// The law that the velocities of one species are drawn from in a tree: a sum of Maxwellians wider than the initial data.
/// </summary>
/// <remarks>
/// A tree's weight is f_0 of all velocities at its end over this law of all velocities that were drawn. Collisions hand energy from one
/// particle to another, so weights stay bounded only if every species reaches as far as the hottest: a wide part of 1.3 times the
/// highest temperature does that. A colder or moving gas gets a part of its own beside it.
/// </remarks>
internal sealed class VelocityProposal
{
    private const double Widening = 1.3;

    private readonly Part[] _parts;
    private readonly int _dimension;

    private VelocityProposal(IEnumerable<Part> parts, int dimension) => (_parts, _dimension) = ([.. parts], dimension);

    /// <summary>The proposals of all species.</summary>
    public static ImmutableArray<VelocityProposal> For(Gas gas, ImmutableArray<VelocityLaw> laws)
    {
        List<(double Temperature, Vec3 Mean, double Weight)>[] parts = [.. laws.Select(law => Cores(law, gas.Box).ToList())];
        double hottest = 0;
        for (int a = 0; a < parts.Length; a++)
        {
            foreach ((double temperature, Vec3 mean, _) in parts[a])
            {
                hottest = Math.Max(hottest, temperature + gas.Species[a].Mass * mean.LengthSquared / gas.Dimension);
            }
        }

        return [.. parts.Select((own, a) => Of(gas.Species[a].Mass, gas.Dimension, own, hottest))];
    }

    public Vec3 Draw(ref StreamRandom random)
    {
        int chosen = 0;
        if (_parts.Length > 1)
        {
            double point = random.NextUniform();
            while (chosen < _parts.Length - 1 && (point -= _parts[chosen].Weight) >= 0)
            {
                chosen++;
            }
        }

        ref readonly Part part = ref _parts[chosen];
        return part.Mean + part.Deviation * random.NextNormalVector(_dimension);
    }

    public double Density(Vec3 velocity)
    {
        double sum = 0;
        foreach (ref readonly Part part in _parts.AsSpan())
        {
            sum += part.Height * PortableMath.Exp(part.HalfInverse * (velocity - part.Mean).LengthSquared);
        }

        return sum;
    }

    private static VelocityProposal Of(double mass, int dimension, List<(double Temperature, Vec3 Mean, double Weight)> own, double hottest)
    {
        Part wide = Part.Of(own.All(p => p.Temperature >= 0.99 * hottest) ? 1 : 0.5, Vec3.Zero, Widening * hottest / mass, dimension);
        double total = own.Sum(p => p.Weight);
        return new VelocityProposal(
            wide.Weight == 1
                ? [wide]
                : [wide, .. own.Select(p => Part.Of(0.5 * p.Weight / total, p.Mean, Widening * p.Temperature / mass, dimension))],
            dimension);
    }

    // Temperature, mean velocity and share of every summand, where it is largest.
    private static IEnumerable<(double Temperature, Vec3 Mean, double Weight)> Cores(VelocityLaw law, Box box)
    {
        if (law is Maxwellian maxwellian)
        {
            return [(maxwellian.Temperature, maxwellian.Mean, 1)];
        }

        return ((VelocitySum)law).Parts.SelectMany(part => part.Mean.All(m => m.Axis is null)
            ? [(part.Temperature.Range.Upper, MeanAt(part, 0), part.Weight)]
            : ((double[])[0, 1]).Select(end => (part.Temperature.Range.Upper, MeanAt(part, end), 0.5 * part.Weight)));

        static Vec3 MeanAt(VelocityPart part, double end) => new(At(part.Mean[0], end), At(part.Mean[1], end), At(part.Mean[2], end));

        static double At(Profile profile, double end) => end == 0 ? profile.Range.Lower : profile.Range.Upper;
    }

    private readonly record struct Part(double Weight, Vec3 Mean, double Deviation, double HalfInverse, double Height)
    {
        public static Part Of(double weight, Vec3 mean, double variance, int dimension) => new(
            weight, mean, Math.Sqrt(variance), -0.5 / variance,
            weight * MaxwellianShape.Normal(0, dimension) * VelocityScale.Volume(1 / variance, dimension));
    }
}
