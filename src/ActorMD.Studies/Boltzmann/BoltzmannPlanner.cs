using System.Collections.Immutable;
using ActorMD.Files.Cases;
using ActorMD.Files.Inputs;
using ActorMD.Kinetic.Dsmc;
using ActorMD.Kinetic.Initial;
using ActorMD.Kinetic.Scalings;
using ActorMD.Physics;
using static System.FormattableString;

namespace ActorMD.Studies.Boltzmann;

/// <summary>Chooses particles, cells and time step of a kinetic solution, and refuses cases that it cannot solve.</summary>
/// <remarks>
/// Cells: a third of the smallest mean free path along the axes on which the initial data change or which have walls, but at least
/// 20 and so few that 20 simulated particles fall into each; one along all others. Particles: 100 000, or 200 for every cell if that is
/// more, up to a million. Time step: a fifth of the smallest mean free time, and no longer than a thermal particle needs for 0.3 of a
/// cell. A homogeneous equation has no error of the time step: one step reaches from sample to sample. Particles of a file may change along
/// every axis.
/// </remarks>
public static class BoltzmannPlanner
{
    private const int ParticleCountDefault = 100_000;
    private const int ParticleCountLargest = 1_000_000;
    private const int ParticlesPerCellDefault = 200;
    private const int ParticlesPerCellMin = 20;
    private const int CellCountMin = 20;
    private const double CellsPerFreePath = 3;
    private const double StepsPerFreeTime = 5;
    private const double CellsPerStep = 0.3;
    private const int ShareSampleCount = 100;

    /// <summary>The plan.</summary>
    /// <exception cref="InputFaultException">All that is wrong with the case or the wishes.</exception>
    public static BoltzmannPlan Make(Case @case, string casePath, BoltzmannWishes wishes)
    {
        Gas gas = @case.Gas;
        ThrowIfUnsolvable(@case, casePath);
        int[] resolved = ResolvedAxes(@case);
        (double path, double time) = FreePathAndTime(@case);
        ImmutableArray<int> cells = wishes.Cells ?? DefaultCells(gas, resolved, path, wishes.Particles);
        // Where a gas of a file changes is not known: the user's number of cells is.
        ThrowIfUnresolved(@case.Initial.Sample is null ? resolved : [.. resolved.Where(gas.Box.IsOpen)], cells);
        DsmcGrid grid = GridOf(@case, cells);
        int particles = wishes.Particles
            ?? Math.Clamp((int)Math.Min((long)grid.CellCount * ParticlesPerCellDefault, int.MaxValue), ParticleCountDefault, ParticleCountLargest);
        DsmcSize size = DsmcSize.For(@case.Counts, particles);
        if (Enumerable.Range(0, @case.Counts.Length).Any(a => @case.Counts[a] > 0 && size.Counts[a] == 0))
        {
            throw Fault("--particles", Invariant($"with {particles} simulated particles a species has none"), "give more");
        }

        double step = wishes.TimeStep ?? DefaultStep(@case, grid, time);
        ImmutableSortedDictionary<int, double> exponents = wishes.Exponents ?? ImmutableSortedDictionary<int, double>.Empty;
        foreach (int order in exponents.Keys.Where(order => order != 2 && gas.ZoneOf(order) is null))
        {
            throw Fault("--kernel", Invariant($"the case has no collisions of order {order}"), "name the order of pairs, 2, or of a zone");
        }

        return new BoltzmannPlan(grid, size, step, wishes.Runs, wishes.Workers, BoltzmannPlan.ChannelsOf(@case, exponents))
        {
            Wanted = particles,
            Exponents = exponents,
        };
    }

    /// <summary>Whether the equation has no space: then neither has the time step an error.</summary>
    public static bool IsHomogeneous(DsmcGrid grid) => !Enumerable.Range(0, 3).Any(grid.IsResolved);

    /// <summary>The cells of a case. Along open axes they grow as fast as a particle of 4.5 thermal speeds flies.</summary>
    internal static DsmcGrid GridOf(Case @case, ImmutableArray<int> cells)
    {
        const double ThermalSpeeds = 4.5;
        Gas gas = @case.Gas;
        ImmutableArray<double> temperatures = Boltzmann.ThermalSpeeds.Temperatures(@case);
        return new DsmcGrid(gas.Box, cells[0], cells[1], gas.Dimension == 3 ? cells[2] : 1)
        {
            FrontSpeed = gas.Box.Has(Boundary.Open) ? ThermalSpeeds * gas.Species.Select((s, a) => Math.Sqrt(temperatures[a] / s.Mass)).Max() : 0,
        };
    }

    private static void ThrowIfUnsolvable(Case @case, string casePath)
    {
        if (@case.Initial.Positions.Method == PositionMethod.File && @case.Initial.Sample is null)
        {
            throw new InputFaultException(new InputFault(
                casePath, null, "initial.positions.method",
                    "positions from a file are a single state, and no law f_0 that a study of the limit starts from",
                "describe the initial data by density profiles and laws of velocities (method conditioned)"));
        }
    }

    private static int[] ResolvedAxes(Case @case)
    {
        Gas gas = @case.Gas;
        if (@case.Initial.Sample is not null)
        {
            return [.. Enumerable.Range(0, gas.Dimension)];
        }

        IEnumerable<int> densities = @case.Initial.Positions.Densities.Select(d => d?.Axis).OfType<int>();
        IEnumerable<int> velocities = @case.Initial.Velocities.Species.SelectMany(v => v.Axes);
        return [.. densities.Concat(velocities).Concat(Enumerable.Range(0, gas.Dimension).Where(gas.Box.IsOpen)).Distinct().Where(axis => axis < gas.Dimension).Order()];
    }

    private static void ThrowIfUnresolved(int[] resolved, ImmutableArray<int> cells)
    {
        foreach (int axis in resolved)
        {
            if (cells[axis] == 1)
            {
                throw Fault(
                    "--cells", $"the gas changes along {"xyz"[axis]}, but there is one cell along it", "give several cells along this axis");
            }
        }
    }

    // The smallest of all species, at the initial temperatures.
    private static (double Path, double Time) FreePathAndTime(Case @case)
    {
        ImmutableArray<double> temperatures = [.. @case.Initial.Velocities.Species
            .Select((v, a) => v.KineticTemperatureIn(@case.Gas.Box, @case.Gas.Species[a].Mass))];
        if (!temperatures.Any(t => t > 0))
        {
            return (double.PositiveInfinity, double.PositiveInfinity);
        }

        GasScales scales = GasScales.Of(@case.Gas, @case.Counts, temperatures, ShareSampleCount);
        return (
            scales.Species.Min(s => s.MeanFreePath is > 0 and { } path ? path : double.PositiveInfinity),
            scales.Species.Min(s => s.MeanFreeTime ?? double.PositiveInfinity));
    }

    private static ImmutableArray<int> DefaultCells(Gas gas, int[] resolved, double path, int? particles)
    {
        int[] cells = new int[gas.Dimension];
        Array.Fill(cells, 1);
        double most = (particles ?? ParticleCountLargest) / (double)ParticlesPerCellMin;
        int perAxis = Math.Max((int)Math.Pow(most, 1.0 / Math.Max(resolved.Length, 1)), 2);
        foreach (int axis in resolved)
        {
            double wanted = Math.Min(Math.Ceiling(CellsPerFreePath * gas.Box.Lengths[axis] / path), perAxis);
            cells[axis] = Math.Min(Math.Max((int)wanted, CellCountMin), perAxis);
        }

        return [.. cells];
    }

    private static double DefaultStep(Case @case, DsmcGrid grid, double freeTime)
    {
        if (IsHomogeneous(grid))
        {
            return @case.Run.Sample;
        }

        double step = Math.Min(freeTime / StepsPerFreeTime, @case.Run.Sample);
        for (int a = 0; a < @case.Gas.Species.Length; a++)
        {
            double mass = @case.Gas.Species[a].Mass;
            double speed = Math.Sqrt(@case.Initial.Velocities.Species[a].KineticTemperatureIn(@case.Gas.Box, mass) / mass);
            for (int axis = 0; axis < @case.Gas.Dimension; axis++)
            {
                if (grid.Count(axis) > 1 && speed > 0)
                {
                    step = Math.Min(step, CellsPerStep * @case.Gas.Box.Lengths[axis] / grid.Count(axis) / speed);
                }
            }
        }

        return step;
    }

    private static InputFaultException Fault(string option, string problem, string remedy) =>
        new(new InputFault(option, null, null, problem, remedy));
}
