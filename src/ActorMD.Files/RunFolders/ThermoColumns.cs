using System.Collections.Immutable;
using ActorMD.Physics;

namespace ActorMD.Files.RunFolders;

/// <summary>The columns of thermo.csv for one gas.</summary>
/// <remarks>
/// time, temperature, temperature_(species)..., pressure, Z, energy, momentum_x, ...; where every side is open also
/// angular_momentum_x, _y, _z (in two dimensions only _z).
/// </remarks>
public sealed class ThermoColumns
{
    private static readonly string[] Axes = ["x", "y", "z"];

    private readonly int _dimension;
    private readonly int _speciesCount;
    private readonly bool _hasAngularMomentum;

    public ThermoColumns(Gas gas)
    {
        _dimension = gas.Dimension;
        _speciesCount = gas.Species.Length;
        _hasAngularMomentum = !gas.Box.Has(Boundary.Periodic) && !gas.Box.Has(Boundary.Reflecting);
        List<string> names = ["time", "temperature"];
        names.AddRange(gas.Species.Select(s => $"temperature_{s.Name}"));
        names.AddRange(["pressure", "Z", "energy"]);
        names.AddRange(Axes.Take(_dimension).Select(axis => $"momentum_{axis}"));
        if (_hasAngularMomentum)
        {
            names.AddRange(Axes.Skip(_dimension == 2 ? 2 : 0).Select(axis => $"angular_momentum_{axis}"));
        }

        Names = [.. names];
    }

    public ImmutableArray<string> Names { get; }

    /// <summary>The values of a row in the order of <see cref="Names"/>.</summary>
    public IEnumerable<double?> Values(ThermoRow row)
    {
        if (row.TemperatureBySpecies.Length != _speciesCount)
        {
            throw new ArgumentException("one temperature per species is needed", nameof(row));
        }

        yield return row.Time;
        yield return row.Temperature;
        foreach (double? temperature in row.TemperatureBySpecies)
        {
            yield return temperature;
        }

        yield return row.Pressure;
        yield return row.Z;
        yield return row.Energy;
        for (int axis = 0; axis < _dimension; axis++)
        {
            yield return row.Momentum[axis];
        }

        for (int axis = _dimension == 2 ? 2 : 0; _hasAngularMomentum && axis < 3; axis++)
        {
            yield return row.AngularMomentum[axis];
        }
    }

    /// <summary>The row whose values, in the order of <see cref="Names"/>, are given.</summary>
    public ThermoRow Row(double?[] values)
    {
        int next = 2 + _speciesCount;
        ThermoRow row = new()
        {
            Time = values[0] ?? double.NaN,
            Temperature = values[1],
            TemperatureBySpecies = [.. values[2..next]],
            Pressure = values[next],
            Z = values[next + 1],
            Energy = values[next + 2],
        };
        next += 3;
        Vec3 momentum = Vec3.Zero, angular = Vec3.Zero;
        for (int axis = 0; axis < _dimension; axis++)
        {
            momentum = momentum.With(axis, values[next++] ?? double.NaN);
        }

        for (int axis = _dimension == 2 ? 2 : 0; _hasAngularMomentum && axis < 3; axis++)
        {
            angular = angular.With(axis, values[next++] ?? double.NaN);
        }

        return row with { Momentum = momentum, AngularMomentum = angular };
    }
}
