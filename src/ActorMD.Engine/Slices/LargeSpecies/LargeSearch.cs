using System.Numerics;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Particles;
using ActorMD.Physics;

namespace ActorMD.Engine.Slices.LargeSpecies;

/// <summary>
/// The large particles of a time slice (<see cref="SizeSplit"/>): what they meet, among each other and among the small ones, for whose size
/// the cells are made.
/// </summary>
/// <remarks>
/// A large particle looks for small ones in the records of the cells around it, at the start of a slice and after its own events. A small
/// one finds, after its events, in the list of its cell the large ones that it may meet (<see cref="LargeCells"/>). For that every large
/// particle has a Verlet sphere in which it stays: its number is in the lists of all cells from which a flight that leaves them by half a
/// cell may lead to it there. When an event leads it out of its sphere it gets another one, and is entered again.
/// Everything here only rejects, with all errors on the safe side; what remains gets the exact time of each image that may meet.
/// </remarks>
internal sealed unsafe class LargeSearch<TSizes> : IDisposable
    where TSizes : struct, IContactDistances<TSizes>
{
    private const float Margin = 1.00001f;
    private const float RoomMin = 0.05f; // in units of the widest cell
    private const float RoomInFlights = 2;
    private const int Lanes = 8;

    private readonly SliceGrid _grid;
    private readonly GridAxes _axes;
    private readonly TSizes _sizes;
    private readonly ParticleStore _store;
    private readonly Particle* _particles;
    private readonly SliceQueue _queue;
    private readonly SmallSearch _smallSearch;
    private readonly EngineCounters _counters;
    private readonly CellBall _ball;
    private readonly LargeCells _cells;
    private readonly NativeArray<int> _numberArray; // by slot
    private readonly NativeArray<float>[] _spheres = [new(Lanes), new(Lanes), new(Lanes), new(Lanes), new(Lanes)]; // X, Y, Z, R, room
    private readonly double[] _halves; // half diameters by kind, in units of length
    private readonly float[] _radii; // by kind
    private readonly float _smallRadius;
    private readonly float _error;
    private readonly Vector128<float> _halfCells;
    private readonly List<int> _slots = [];
    private SliceClock _clock;

    /// <param name="gas">Sizes.</param>
    /// <param name="split">Which are large.</param>
    /// <param name="store">The particles.</param>
    /// <param name="sizes">Contact distances.</param>
    /// <param name="grid">The cells.</param>
    /// <param name="smallSearch">Finds small particles.</param>
    /// <param name="queue">Gets the events.</param>
    /// <param name="counters">Are continued.</param>
    public LargeSearch(
        Gas gas, SizeSplit split, ParticleStore store, TSizes sizes, SliceGrid grid, SmallSearch smallSearch, SliceQueue queue,
        EngineCounters counters)
    {
        (_grid, _axes, _sizes, _queue, _smallSearch, _counters) = (grid, grid.Axes, sizes, queue, smallSearch, counters);
        _store = store;
        _particles = store.Particles;
        _halves = [.. gas.Kinds.Select(kind => 0.5 * kind.Diameter)];
        _error = 4 * grid.Error;
        _radii = [.. gas.Kinds.Select(kind => (float)(0.5 * kind.Diameter / _axes.Unit) * Margin + _error)];
        _smallRadius = (float)(0.5 * split.SmallDiameterMax / _axes.Unit) * Margin + _error;
        _halfCells = Vector128.Create(0.5f * Margin) / _axes.PerUnit.WithElement(3, 1);
        _ball = new CellBall(_axes);
        _cells = new LargeCells(_axes.CellCount);
        _numberArray = new NativeArray<int>(store.Capacity);
    }

    public long ByteCount =>
        _ball.ByteCount + _cells.ByteCount + _smallSearch.ByteCount + _numberArray.ByteCount + _spheres.Sum(row => row.ByteCount);

    /// <summary>A slice begins, and the grid of the small ones is made: finds all events of the large ones.</summary>
    /// <param name="clock">The slice.</param>
    public void EnterAll(in SliceClock clock)
    {
        _clock = clock;
        _slots.Clear();
        _cells.Clear();
        for (int slot = 0; slot < _store.Count; slot++)
        {
            if (_grid.IsLarge(_particles + slot))
            {
                _numberArray.Pointer[slot] = _slots.Count;
                _slots.Add(slot);
            }
        }

        foreach (NativeArray<float> row in _spheres)
        {
            row.Grow(_slots.Count + Lanes);
        }

        for (int number = 0; number < _slots.Count; number++)
        {
            _grid.Fly(_particles + _slots[number], clock, out Vector128<float> position, out Vector128<float> flight);
            SetSphere(number, position, flight, -1);
        }

        for (int number = 0; number < _slots.Count; number++)
        {
            FindSmall(_slots[number], -1);
            FindLarge(number, number + 1);
        }
    }

    /// <summary>A large particle had an event: it may be on its way out of its Verlet sphere.</summary>
    public void Move(int slot, float low)
    {
        int number = _numberArray.Pointer[slot];
        _grid.Fly(_particles + slot, _clock, out Vector128<float> position, out Vector128<float> flight);
        Vector128<float> centre = Vector128.Create(
            _spheres[0].Pointer[number], _spheres[1].Pointer[number], _spheres[2].Pointer[number], 0);
        Vector128<float> offset = _axes.Nearest(position - centre);
        float room = _spheres[4].Pointer[number];
        if (!(Length(offset + flight * low) <= room && Length(offset + flight) <= room))
        {
            SetSphere(number, position, flight, low);
        }
    }

    /// <summary>What a large particle can meet from a moment on (tau in [-1, 1]) until the end of the slice.</summary>
    public void SearchAround(int slot, float low)
    {
        FindSmall(slot, low);
        FindLarge(_numberArray.Pointer[slot], 0);
    }

    /// <summary>Which large ones a small particle can meet from a moment on.</summary>
    public void SearchFrom(int slot, float low)
    {
        _grid.Fly(_particles + slot, _clock, out Vector128<float> position, out Vector128<float> flight);
        Vector128<float> ratio = Vector128.Abs(flight) * (0.5f * (1 - low)) * Margin / _halfCells;
        float most = Math.Max(ratio[0], Math.Max(ratio[1], ratio[2]));
        if (most <= 1)
        {
            SearchCell(slot, position + flight * (0.5f * (1 + low)));
            return;
        }

        int parts = (int)MathF.Ceiling(most);
        float length = (1 - low) / parts;
        for (int k = 0; k < parts; k++)
        {
            SearchCell(slot, position + flight * (low + (k + 0.5f) * length));
        }
    }

    public void Dispose()
    {
        _ball.Dispose();
        _cells.Dispose();
        _smallSearch.Dispose();
        _numberArray.Dispose();
        foreach (NativeArray<float> row in _spheres)
        {
            row.Dispose();
        }
    }

    private static float Length(Vector128<float> x) => MathF.Sqrt(Vector128.Dot(x, x));

    // A ball around what is left of the flight, and some room.
    private void SetSphere(int number, Vector128<float> position, Vector128<float> flight, float low)
    {
        float half = 0.5f * (1 - low), room = RoomInFlights * half * Length(flight) * Margin + RoomMin + _error;
        Vector128<float> centre = position + flight * (0.5f * (1 + low));
        centre = Vector128.Create(_axes.First.Inside(centre[0]), _axes.Second.Inside(centre[1]), _axes.Third.Inside(centre[2]), 0);
        float radius = _radii[_particles[_slots[number]].Kind] + room;
        (_spheres[0].Pointer[number], _spheres[1].Pointer[number], _spheres[2].Pointer[number]) = (centre[0], centre[1], centre[2]);
        (_spheres[3].Pointer[number], _spheres[4].Pointer[number]) = (radius, room);
        _ball.Find(centre, radius + _smallRadius, _halfCells);
        for (CellStretch* stretch = _ball.Stretches, end = stretch + _ball.Count; stretch < end; stretch++)
        {
            _cells.Add(number, stretch->First, stretch->Cells);
        }
    }

    private void FindSmall(int slot, float low)
    {
        Particle* p = _particles + slot;
        _grid.Fly(p, _clock, out Vector128<float> position, out Vector128<float> flight);
        float radius = _radii[p->Kind], length = Length(flight) * Margin, rest = 0.5f * (1 - low) * length;
        Vector128<float> centre = position + flight * (0.5f * (1 + low));
        LargeFlight large = new()
        {
            X = position[0],
            Y = position[1],
            Z = position[2],
            U = flight[0],
            V = flight[1],
            W = flight[2],
            From = low,
            Contact = radius + _smallRadius,
            Error = _error,
            RestX = centre[0],
            RestY = centre[1],
            RestZ = centre[2],
            Reach = radius + _smallRadius + length,
            RestReach = radius + rest,
        };
        _ball.Find(centre, radius + _smallRadius + rest, _halfCells);
        _smallSearch.Find(_ball, large);
        foreach (int other in _smallSearch.Found)
        {
            EnterContacts(slot, other);
        }
    }

    // Others from a number on whose Verlet spheres overlap with that of a large particle.
    private void FindLarge(int number, int first)
    {
        float* sphereX = _spheres[0].Pointer, sphereY = _spheres[1].Pointer, sphereZ = _spheres[2].Pointer, sphereR = _spheres[3].Pointer;
        Vector256<float> x = Vector256.Create(sphereX[number]), y = Vector256.Create(sphereY[number]),
            z = Vector256.Create(sphereZ[number]), r = Vector256.Create(sphereR[number]);
        int count = _slots.Count;
        for (int k = first; k < count; k += Lanes)
        {
            Vector256<float> dx = _axes.First.Nearest(Vector256.Load(sphereX + k) - x),
                dy = _axes.Second.Nearest(Vector256.Load(sphereY + k) - y);
            Vector256<float> dz = _axes.Third.Nearest(Vector256.Load(sphereZ + k) - z), reach = Vector256.Load(sphereR + k) + r;
            uint near = Vector256.LessThanOrEqual(dx * dx + dy * dy + dz * dz, reach * reach).ExtractMostSignificantBits();
            near &= (uint)((1L << Math.Min(Lanes, count - k)) - 1);
            for (; near != 0; near &= near - 1)
            {
                int other = k + BitOperations.TrailingZeroCount(near);
                if (other != number)
                {
                    EnterContacts(_slots[number], _slots[other]);
                }
            }
        }
    }

    private void SearchCell(int slot, Vector128<float> position)
    {
        int cell = _axes.Index(
            _axes.First.IndexOf(_axes.First.Inside(position[0])), _axes.Second.IndexOf(_axes.Second.Inside(position[1])),
            _axes.Third.IndexOf(_axes.Third.Inside(position[2])));
        for (int entry = _cells.First(cell); entry != LargeCells.None; entry = _cells.Next(entry))
        {
            EnterContacts(slot, _slots[_cells.NumberOf(entry)]);
        }
    }

    // The contacts of two particles in this slice, of all images that can come close enough in it: along each axis alone.
    private void EnterContacts(int slot, int other)
    {
        const double Excess = 1 + 1e-9;
        Particle* a = _particles + slot;
        Particle* b = _particles + other;
        double contact = (_halves[a->Kind] + _halves[b->Kind]) * Excess;
        Vector256<double> apart = _grid.PositionInMiddle(b, _clock) - _grid.PositionInMiddle(a, _clock);
        Vector256<double> reach = Vector256.Abs(_grid.VelocityOf(b) - _grid.VelocityOf(a)) * (_clock.Half * Excess)
            + Vector256.Create(contact);
        Vector256<double> lowest = Vector256.Ceiling((-reach - apart) * _grid.PerLength),
            highest = Vector256.Floor((reach - apart) * _grid.PerLength);
        if (Vector256.GreaterThanAny(lowest, highest))
        {
            return;
        }

        _counters.CandidateCount++;
        for (double x = lowest[0]; x <= highest[0]; x++)
        {
            for (double y = lowest[1]; y <= highest[1]; y++)
            {
                for (double z = lowest[2]; z <= highest[2]; z++)
                {
                    Vector256<double> shift = Vector256.Create(x, y, z, 0) * _grid.Lengths;
                    double time = ContactTime.Between(a, b, shift[0], shift[1], shift[2], _sizes);
                    if (time < _clock.End)
                    {
                        _queue.Enter(time, slot, other, a->Stamp + b->Stamp);
                    }
                }
            }
        }
    }
}
