using System.Globalization;
using ActorMD.Engine;
using ActorMD.Engine.Sharing.Nodes;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Physics.Events;
using ActorMD.Physics.RandomNumbers;

namespace ActorMD.Simulation;

/// <summary>
/// A small gas and a number of domains, drawn from a seed; and the truth about it from the serial engine.
/// </summary>
public sealed class RandomCase
{
    private static readonly Species Light = new("A", 1, 1);
    private static readonly Species Heavy = new("B", 4, 0.6);

    private readonly int _countMax;
    private readonly int _domainCountMax;
    private CounterRandom _random;

    /// <param name="seed">Determines everything.</param>
    /// <param name="eventCount">About how many events the run has.</param>
    /// <param name="countMax">Largest number of particles.</param>
    /// <param name="domainCountMax">Largest number of domains.</param>
    public RandomCase(ulong seed, int eventCount, int countMax = 660, int domainCountMax = 27)
    {
        Seed = seed;
        _countMax = countMax;
        _domainCountMax = domainCountMax;
        _random = new CounterRandom(seed, RandomStream.Testing);
        Gas = DrawGas(out int count);
        Initial = StartOnLattice(count);
        int most = IsLong ? NodePlan.For(Gas, Initial.Particles, 0, Math.Min(4, domainCountMax))?.NodeCount ?? 1 : 1;
        SharesSlices = most > 1;
        DomainCount = SharesSlices ? most : 1 + _random.NextInteger(domainCountMax);
        DomainCountAfterResume = 1 + _random.NextInteger(most + 1);
        FindTruth(eventCount);
    }

    public ulong Seed { get; }

    public Gas Gas { get; private set; }

    public SystemState Initial { get; }

    /// <summary>Domains that there are; if slices cannot be shared, one of them computes all.</summary>
    public int DomainCount { get; }

    /// <summary>Domains that the second half is to be run with.</summary>
    public int DomainCountAfterResume { get; }

    /// <summary>Whether domains share time slices.</summary>
    public bool SharesSlices { get; }

    /// <summary>Whether events are logged; then there are no waypoints.</summary>
    public bool LogsEvents => !SharesSlices || Seed % 8 == 1;

    /// <summary>Whether whole rows of events happen at the same instants: shared slices are void there, and one domain goes on alone.</summary>
    public bool HasTies => IsLong && Seed % 32 == 5;

    /// <summary>When about half of the events have happened.</summary>
    public double HalfTime { get; private set; }

    public double EndTime { get; private set; }

    /// <summary>The serial engine's state at half time.</summary>
    public SystemState HalfState { get; private set; } = null!;

    /// <summary>The serial engine's state at the end.</summary>
    public SystemState EndState { get; private set; } = null!;

    /// <summary>Bytes of the serial engine's event log up to half time.</summary>
    public int HalfLogLength { get; private set; }

    /// <summary>The serial engine's event log.</summary>
    public byte[] EndLog { get; private set; } = [];

    /// <summary>The serial engine's counts at the end.</summary>
    public EventTally EndTally { get; private set; } = null!;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {Seed}: {Gas.Dimension}-D, {Initial.Particles.Length} particles of {Gas.Species.Length} species, zones {Gas.Zones.Length}, "
        + $"{Gas.Box.BoundaryX}/{Gas.Box.BoundaryY}/{Gas.Box.BoundaryZ}, {DomainCount} domains then "
        + $"{DomainCountAfterResume}{(SharesSlices ? " sharing slices" : "")}{(LogsEvents ? ", logged" : "")}{(HasTies ? ", ties" : "")}, "
        + $"{EndTally.EventCount} events");

    private bool IsLong => Seed % 4 != 0;

    private Gas DrawGas(out int count)
    {
        int dimension = 2 + _random.NextInteger(2);
        int zoneKind = _random.NextInteger(5); // 3: a zone of order 3; 4: zones of order 3 and 4
        bool isMixture = _random.NextInteger(2) == 0;
        double density; // particles per volume, diameters of the larger species
        if (zoneKind >= 3)
        {
            density = dimension == 3 ? 0.08 : 0.15;
        }
        else
        {
            density = dimension == 3
                ? _random.NextInteger(3) switch { 0 => 0.03, 1 => 0.4, _ => 0.9 }
                : _random.NextInteger(3) switch { 0 => 0.05, 1 => 0.4, _ => 0.8 };
        }

        count = zoneKind >= 3 ? Math.Min(100 + _random.NextInteger(150), _countMax) : 60 + _random.NextInteger(_countMax - 59);
        double volume = count / density;
        double side = dimension == 3 ? Math.Cbrt(volume) : Math.Sqrt(volume);
        double stretch = 1 + _random.NextInteger(3);
        Vec3 lengths = dimension == 3
            ? new Vec3(side * stretch, side / stretch * 1.05, side / 1.05)
            : new Vec3(side * stretch, side / stretch, 0);
        if (Math.Min(lengths.X, lengths.Y) < 7)
        {
            lengths = dimension == 3 ? new Vec3(side, side * 1.05, side / 1.05) : new Vec3(side, side, 0);
        }

        Boundary x = DrawBoundary(), y = DrawBoundary(), z = DrawBoundary();
        if (IsLong)
        {
            // Long enough for several domains that share time slices, which need no open sides.
            (dimension, zoneKind, count) = (2, Seed % 16 >= 12 ? 3 : 0, Math.Max(400, _countMax));
            (x, y) = (Closed(x), Closed(y));
            double spacing = 1 / Math.Sqrt(Math.Min(density, 0.4));
            lengths = new Vec3(count / 5.5 * spacing, 5.5 * spacing, 0);
        }

        Box box = new(dimension, lengths, x, y, dimension == 3 ? z : Boundary.Open);
        Zone[] zones = zoneKind switch
        {
            3 => [new Zone(3, 2.3)],
            4 => [new Zone(3, 2.2), new Zone(4, 3.7)],
            _ => [],
        };
        return new Gas(box, isMixture ? [Light, Heavy] : [Light], [.. zones]);
    }

    private static Boundary Closed(Boundary boundary) => boundary == Boundary.Open ? Boundary.Periodic : boundary;

    private Boundary DrawBoundary() => _random.NextInteger(5) switch
    {
        0 => Boundary.Open,
        1 => Boundary.Reflecting,
        _ => Boundary.Periodic,
    };

    // In a larger box if no lattice fits between the walls.
    private SystemState StartOnLattice(int count)
    {
        while (true)
        {
            try
            {
                return DrawState(count);
            }
            catch (InitialStateException)
            {
                Gas = Gas with { Box = Gas.Box with { Lengths = Gas.Box.Lengths * 1.1 } };
            }
        }
    }

    private SystemState DrawState(int count)
    {
        int[] counts = Gas.Species.Length == 2 ? [count / 2, count - count / 2] : [count];
        SystemState state = InitialState.Build(
            Gas, [.. counts],
            new InitialData(
                new PositionPlan(PositionMethod.Lattice),
                new VelocityPlan([.. Gas.Species.Select(_ => new Maxwellian(1, Vec3.Zero))], Vec3.Zero)),
            Seed, null, default);
        for (int i = 0; HasTies && i < state.Particles.Length; i++)
        {
            state.Particles[i].Velocity = Along(_random.NextInteger(4));
        }

        // Short epochs, so that some end on the way.
        return new SystemState(state.Particles, Math.ScaleB(state.EpochLength, -4 - _random.NextInteger(4)));
    }

    private static Vec3 Along(int direction) => direction switch
    {
        0 => new Vec3(1, 0, 0),
        1 => new Vec3(-1, 0, 0),
        2 => new Vec3(0, 1, 0),
        _ => new Vec3(0, -1, 0),
    };

    private void FindTruth(int eventCount)
    {
        EventBatch log = new();
        using Simulator simulator = new(Gas, Initial, log: LogsEvents ? log : null);
        double step = Initial.EpochLength / 16;
        int stepCount = 0;
        HalfState = Initial;
        while (simulator.Tally.EventCount < eventCount && stepCount < 200)
        {
            stepCount++;
            simulator.Advance(stepCount * step);
            if (simulator.Tally.EventCount < eventCount / 2)
            {
                HalfTime = stepCount * step;
                HalfState = simulator.Capture();
                HalfLogLength = log.Length;
            }
        }

        EndTime = (stepCount + 0.3) * step;
        simulator.Advance(EndTime);
        EndState = simulator.Capture();
        EndLog = log.Take();
        EndTally = simulator.Tally;
    }
}
