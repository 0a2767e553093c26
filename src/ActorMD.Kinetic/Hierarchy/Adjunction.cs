using ActorMD.Kinetic.Dsmc;
using ActorMD.Physics;
using ActorMD.Physics.Laws;

namespace ActorMD.Kinetic.Hierarchy;

/// <summary>One tracked particle meets new ones: where they are on E, and their velocities before the collision.</summary>
/// <remarks>
/// The same numbers for both hierarchies, so that their pseudo-trajectories have equal velocities to the bit [Mix 9.4, High 10.11].
/// </remarks>
internal sealed class Adjunction
{
    private readonly Vec3[] _deviations;
    private readonly Vec3[] _directions;
    private readonly Vec3[] _collided;

    public Adjunction(int orderMax)
    {
        _deviations = new Vec3[orderMax];
        _directions = new Vec3[orderMax];
        _collided = new Vec3[orderMax];
    }

    /// <summary>G, the root of the sum over pairs of |v_i - v_j|^2: the kernel's integral over E is |E| c G.</summary>
    public double Spread { get; private set; }

    /// <summary>Centred positions with sum |u_i|^2 = 1, in which the particles part: b &gt; 0.</summary>
    public ReadOnlySpan<Vec3> Directions => _directions;

    /// <summary>The velocities before the collision after which the particles part with those given.</summary>
    public ReadOnlySpan<Vec3> Collided => _collided;

    /// <summary>Only G.</summary>
    public void Measure(ReadOnlySpan<Vec3> velocities)
    {
        int order = velocities.Length;
        Vec3 mean = Vec3.Zero;
        for (int m = 0; m < order; m++)
        {
            mean += velocities[m];
        }

        mean *= 1.0 / order;
        double spread = 0;
        for (int m = 0; m < order; m++)
        {
            _deviations[m] = velocities[m] - mean;
            spread += _deviations[m].LengthSquared;
        }

        Spread = Math.Sqrt(order * spread);
    }

    /// <summary>All of it.</summary>
    /// <param name="velocities">Of the tracked particle, then of the new ones.</param>
    /// <param name="masses">Theirs.</param>
    /// <param name="normals">Independent standard normal vectors, one for each.</param>
    /// <param name="rayleigh">Length of a vector of two independent standard normal components.</param>
    public void Draw(ReadOnlySpan<Vec3> velocities, ReadOnlySpan<double> masses, ReadOnlySpan<Vec3> normals, double rayleigh)
    {
        int order = velocities.Length;
        Measure(velocities);
        Span<Vec3> directions = _directions.AsSpan(0, order);
        normals[..order].CopyTo(directions);
        TupleDirection.Aim(_deviations.AsSpan(0, order), rayleigh, directions);
        double squares = 0;
        foreach (ref readonly Vec3 direction in directions)
        {
            squares += direction.LengthSquared;
        }

        double scale = 1 / Math.Sqrt(squares);
        foreach (ref Vec3 direction in directions)
        {
            direction *= scale;
        }

        velocities.CopyTo(_collided);
        TupleEvent.Collide(directions, masses, _collided.AsSpan(0, order));
    }
}
