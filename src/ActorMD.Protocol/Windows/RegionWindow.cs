using ActorMD.Engine.Regions;
using ActorMD.Physics;
using ActorMD.Protocol.Geometry;

namespace ActorMD.Protocol.Windows;

/// <summary>One domain's simulation of one window: the particles that were there, and the ledger of what happened.</summary>
public sealed class RegionWindow
{
    // Rounding of positions must not decide on which side of a face a particle is.
    private const double Margin = 1e-6;
    private const double InteriorMargin = 1.001; // whoever touches another particle is less than a layer away from it

    private readonly RegionMembers _members;
    private OuterPaths? _outer;

    internal RegionWindow(
        Gas gas, BlockGrid grid, int domain, double start, double end, int layers, int drift, RegionMembers members)
    {
        Gas = gas;
        Grid = grid;
        Domain = domain;
        Start = start;
        End = end;
        Layers = layers;
        Drift = drift;
        _members = members;
    }

    public Gas Gas { get; }

    public BlockGrid Grid { get; }

    /// <summary>Whose simulation.</summary>
    public int Domain { get; }

    /// <summary>T, an offset in the epoch.</summary>
    public double Start { get; }

    /// <summary>T + D.</summary>
    public double End { get; }

    /// <summary>h, layers.</summary>
    public int Layers { get; }

    /// <summary>m, layers.</summary>
    public int Drift { get; }

    /// <summary>Ids of all particles, by their index in the ledger.</summary>
    public ReadOnlySpan<int> Ids => _members.Region.Ids;

    /// <summary>Owner of each particle.</summary>
    public ReadOnlySpan<int> Owners => _members.Region.Owners;

    /// <summary>
    /// How deep false histories have reached into the halo, in layers from its rim, as far as paths were compared; 0 if none was seen.
    /// </summary>
    public double FrontDepth { get; private set; }

    public RegionLedger Ledger => _members.Region.Ledger;

    /// <summary>
    /// The paths of the own particles that are ever less than m + 1 layers inside the block. The others never meet another domain's
    /// particle, since those stay within m layers of their blocks, and enter no other domain's guarded region.
    /// </summary>
    internal OuterPaths Outer => _outer ??= FindOuter();

    public bool IsOwn(int particle) => Owners[particle] == Domain;

    /// <summary>Index of another owner's particle, negative if it has no copy here.</summary>
    public int IndexOfCopy(int id) => _members.IndexOfCopy(id);

    /// <summary>The guarded region of a domain: wherever something can touch one of its particles, which stay within m layers.</summary>
    public Surroundings GuardedRegionOf(int domain) => new(Grid, domain, Drift + 1 + Margin);

    /// <summary>Notes that a copy's path is false from a moment on.</summary>
    internal void NoteFalse(int copy, double since)
    {
        foreach (PathSegment segment in SegmentsOf(copy))
        {
            if (segment.To >= since)
            {
                Int3 cell = Grid.CellOf(segment.State.PositionAt(Math.Max(segment.From, since)));
                FrontDepth = Math.Max(FrontDepth, Layers - Grid.LayersTo(Domain, cell));
            }
        }
    }

    /// <summary>The first moment at which one of the own particles is more than m layers away from the block; +infinity if none.</summary>
    public double FirstTooFarDrift()
    {
        double first = double.PositiveInfinity;
        if (FlightMax() < Drift - Margin)
        {
            return first; // all were inside at the start
        }

        Surroundings allowed = new(Grid, Domain, Drift - Margin);
        for (int k = 0; k < Outer.Count; k++)
        {
            ReadOnlySpan<ParticleState> path = Outer[k];
            for (int n = 0; n < path.Length; n++)
            {
                first = Math.Min(first, allowed.FirstOutside(path[n], BeginOf(path, n), EndOf(path, n)));
            }
        }

        return first;
    }

    /// <summary>No own particle flies further than this in the window, in layers.</summary>
    internal double FlightMax()
    {
        double squared = Math.Max(_members.OwnSpeedSquaredMax, Ledger.SpeedSquaredMax);
        double width = double.PositiveInfinity;
        for (int axis = 0; axis < Grid.Box.Dimension; axis++)
        {
            width = Math.Min(width, Grid.Width(axis));
        }

        return Math.Sqrt(squared) * (End - Start) / width;
    }

    /// <summary>When a path's flight of that number begins.</summary>
    internal double BeginOf(ReadOnlySpan<ParticleState> path, int flight) => flight == 0 ? Start : path[flight].Time;

    /// <summary>When a path's flight of that number ends.</summary>
    internal double EndOf(ReadOnlySpan<ParticleState> path, int flight) => flight + 1 < path.Length ? path[flight + 1].Time : End;

    /// <summary>How deep an own particle is in the block at the start, at least; in layers.</summary>
    internal double DepthOf(int particle) => _members.Depths[particle];

    private OuterPaths FindOuter()
    {
        OuterPaths outer = _members.Outer;
        outer.Clear();
        double inside = Drift + InteriorMargin, deep = inside + FlightMax() + Margin;
        Surroundings interior = new(Grid, Domain, -inside);
        ReadOnlySpan<double> depths = _members.Depths;
        for (int particle = 0; particle < depths.Length; particle++)
        {
            double depth = depths[particle];
            if (depth < deep)
            {
                ReadOnlySpan<ParticleState> path = outer.Add(Ledger, particle);
                if (depth >= inside - Margin && StaysIn(interior, path))
                {
                    outer.RemoveLast();
                }
            }
        }

        return outer;
    }

    private bool StaysIn(Surroundings region, ReadOnlySpan<ParticleState> path)
    {
        for (int n = 0; n < path.Length; n++)
        {
            if (!region.Holds(path[n], BeginOf(path, n), EndOf(path, n)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The free flights that a particle's path consists of.</summary>
    public SegmentEnumerator SegmentsOf(int particle) => new(this, particle);

    /// <summary>Walks along a path.</summary>
    public ref struct SegmentEnumerator
    {
        private readonly RegionWindow _window;
        private readonly int _particle;
        private int _next; // participation that ends the flight, -1 if none does
        private bool _isBegun;

        internal SegmentEnumerator(RegionWindow window, int particle)
        {
            _window = window;
            _particle = particle;
        }

        public PathSegment Current { get; private set; }

        public readonly SegmentEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            RegionLedger ledger = _window.Ledger;
            if (!_isBegun)
            {
                _isBegun = true;
                _next = ledger.FirstOf(_particle);
                Current = new PathSegment(ledger.StartOf(_particle), _window.Start, EndOf(ledger, _next));
                return true;
            }

            if (_next < 0)
            {
                return false;
            }

            ParticleState state = ledger.After(_next);
            _next = ledger.Next(_next);
            Current = new PathSegment(state, state.Time, EndOf(ledger, _next));
            return true;
        }

        private readonly double EndOf(RegionLedger ledger, int next) => next < 0 ? _window.End : ledger.TimeOf(next);
    }
}

/// <summary>A free flight between two events.</summary>
/// <param name="State">As of the event at its beginning.</param>
/// <param name="From">That event, or the start of the window.</param>
/// <param name="To">The next event, or the end of the window.</param>
public readonly record struct PathSegment(ParticleState State, double From, double To);
