using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.Numerics;

namespace ActorMD.Kinetic.Hierarchy;

/// <summary>f_0 of one species, times the volume of the box: what a tree ends in.</summary>
internal sealed class InitialDensity
{
    private readonly Box _box;
    private readonly double _mass;
    private readonly VelocityLaw _law;
    private readonly Profile? _profile;
    private readonly double _profileMean;
    private readonly Vec3 _mean;
    private readonly double _halfInverse;
    private readonly double _height;

    public InitialDensity(Gas gas, int species, InitialData data)
    {
        _box = gas.Box;
        _mass = gas.Species[species].Mass;
        _law = data.Velocities.Species[species];
        _profile = data.Positions.DensityOf(species) is { Axis: not null } changing ? changing : null;
        _profileMean = _profile?.MeanOver(_box) ?? 1;
        HasOneLaw = !_law.Axes.Any();
        IsUniform = _profile is null && HasOneLaw;
        if (_law is Maxwellian maxwellian)
        {
            _mean = maxwellian.Mean;
            _halfInverse = -0.5 * _mass / maxwellian.Temperature;
            _height = maxwellian.Density(maxwellian.Mean, Vec3.Zero, _box, _mass);
        }
    }

    /// <summary>Whether nothing depends on the position.</summary>
    public bool IsUniform { get; }

    /// <summary>Axes along which something changes.</summary>
    public IEnumerable<int> Axes => _profile is null ? _law.Axes : _law.Axes.Prepend(_profile.Axis!.Value);

    /// <summary>The density of positions relative to its mean.</summary>
    public double Relative(Vec3 position) => _profile is null ? 1 : _profile.At(Wrapped(position), _box) / _profileMean;

    /// <summary>The largest relative density, or more.</summary>
    public double RelativeMax => _profile is null ? 1 : _profile.Range.Upper / _profileMean;

    /// <summary>Whether the law of the velocities is the same everywhere.</summary>
    public bool HasOneLaw { get; }

    public double At(Vec3 position, Vec3 velocity) => Law(position, velocity) * Relative(position);

    /// <summary>The density of the velocities at a position.</summary>
    public double Law(Vec3 position, Vec3 velocity) => _height > 0
        ? _height * PortableMath.Exp(_halfInverse * (velocity - _mean).LengthSquared)
        : _law.Density(velocity, HasOneLaw ? Vec3.Zero : Wrapped(position), _box, _mass);

    private Vec3 Wrapped(Vec3 position)
    {
        for (int axis = 0; axis < _box.Dimension; axis++)
        {
            double length = _box.Lengths[axis], x = position[axis];
            if (_box.IsPeriodic(axis) && !(x >= 0 && x < length))
            {
                position = position.With(axis, Math.Clamp(x - length * Math.Floor(x / length), 0, length));
            }
        }

        return position;
    }
}
