using ActorMD.Physics;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Kinetic.Initial;

/// <summary>The law of the position of one particle when it is alone in the box: uniform, or with a density profile.</summary>
/// <param name="box">Its walls keep spheres inside.</param>
/// <param name="diameter">Of the sphere; 0 for a point.</param>
/// <param name="density">Relative density; null for a uniform one.</param>
internal readonly struct PositionLaw(Box box, double diameter, Profile? density)
{
    private const int TrialCountMax = 1_000_000;

    private readonly double _densityMax = density?.Range.Upper ?? 1;

    /// <summary>Whether one draw takes a fixed number of random numbers.</summary>
    public bool IsUniform => density is null;

    /// <summary>Relative density at a position.</summary>
    public double DensityAt(Vec3 position) => density?.At(position, box) ?? 1;

    /// <summary>The position of three uniform numbers, where the law is uniform.</summary>
    public Vec3 At(double u, double v, double w) => UniformPosition.At(box, diameter, u, v, w);

    /// <summary>One position. Uniform positions are accepted with a probability proportional to the density.</summary>
    /// <exception cref="InitialStateException">There is next to no position with any density.</exception>
    public Vec3 Draw(ref CounterRandom random)
    {
        if (density is null)
        {
            return UniformPosition.Draw(ref random, box, diameter);
        }

        for (int trial = 0; trial < TrialCountMax; trial++)
        {
            Vec3 position = UniformPosition.Draw(ref random, box, diameter);
            if (random.NextUniform() * _densityMax < density.At(position, box))
            {
                return position;
            }
        }

        throw InitialStateException.NowhereDense(TrialCountMax);
    }
}
