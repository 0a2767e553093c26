using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using ActorMD.Engine.Contacts;
using ActorMD.Engine.Particles;

namespace ActorMD.Engine.Slices.Lattice;

/// <summary>Sorts the flights of a slice into cells: counts the records of every cell, then enters them (a counting sort).</summary>
/// <remarks>
/// Several threads do both for ranges of slots, each with counts of its own. The flight of a particle that is too fast for the cells is
/// split into parts with a record each.
/// </remarks>
/// <param name="lattice">Flights by slot.</param>
/// <param name="records">Records by cell.</param>
/// <param name="store">The particles.</param>
/// <param name="prefetches">Whether records are loaded into the cache before they are written.</param>
internal sealed unsafe class FlightSorter(FlightLattice lattice, FlightRecords records, ParticleStore store, bool prefetches)
{
    private readonly Particle* _particles = store.Particles;
    private SliceClock _clock;

    /// <summary>Slots of the flights that were split since <see cref="Begin"/>.</summary>
    public List<int> SplitSlots { get; } = [];

    /// <summary>A slice begins.</summary>
    public void Begin(in SliceClock clock) => _clock = clock;

    /// <summary>Finds the cells of some slots' records and counts them.</summary>
    public PlacementCounts Count<TSizes>(int first, int end, int* counts)
        where TSizes : struct, IContactDistances<TSizes>
    {
        float widest = 0;
        int whole = 0, parts = 0, large = 0;
        LatticeFlight* flights = lattice.Flights;
        SliceGrid grid = lattice.Grid;
        SliceClock clock = _clock;
        for (int slot = first; slot < end; slot++)
        {
            if (TSizes.HasLarge && grid.IsLarge(_particles + slot))
            {
                large++;
                flights[slot].Cell = LatticeFlight.Split;
                continue;
            }

            grid.Fly(_particles + slot, clock, out Vector128<int> position, out Vector128<int> flight);
            int cell = LatticeFlight.Split;
            if (Vector128.LessThanOrEqualAll(Vector128.Abs(flight), lattice.FlightMax))
            {
                cell = grid.Axes.CellOf(position);
                counts[cell]++;
                whole++;
            }
            else
            {
                widest = Math.Max(widest, lattice.LengthOf(flight));
                parts += CountParts(position, flight, counts);
            }

            LatticeFlight.Of(position, flight, cell).Store(&flights[slot].X);
        }

        return new PlacementCounts(widest, whole + parts, end - first - whole - large);
    }

    /// <summary>Enters the records of some slots.</summary>
    /// <param name="first">First slot.</param>
    /// <param name="end">Behind the last slot.</param>
    /// <param name="next">Where the next record of every cell goes.</param>
    public void Enter<TSizes>(int first, int end, int* next)
        where TSizes : struct, IContactDistances<TSizes>
    {
        const int Ahead = 12;
        FlightRecords sorted = records;
        LatticeFlight* flight = lattice.Flights + first;
        int* recordOf = lattice.RecordOf;
        int prefetchEnd = prefetches ? end - Ahead : first;
        for (int slot = first; slot < end; slot++, flight++)
        {
            if (slot < prefetchEnd && flight[Ahead].Cell != LatticeFlight.Split)
            {
                sorted.Prefetch(next[flight[Ahead].Cell]);
            }

            int cell = flight->Cell;
            if (cell != LatticeFlight.Split)
            {
                int record = next[cell]++;
                sorted.Set(record, flight, slot);
                recordOf[slot] = record;
            }
            else if (!TSizes.HasLarge || !lattice.Grid.IsLarge(_particles + slot))
            {
                EnterParts(slot, next);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int CountParts(Vector128<int> position, Vector128<int> flight, int* counts)
    {
        int parts = FlightLattice.PartsOf(flight, -1, lattice.FlightMax);
        for (int k = 0; k < parts; k++)
        {
            counts[lattice.PartOf(position, flight, -1, k, parts, out _, out _)]++;
        }

        return parts;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EnterParts(int slot, int* next)
    {
        lattice.Grid.Fly(_particles + slot, _clock, out Vector128<int> position, out Vector128<int> flight);
        int sibling = FlightRecords.None, parts = FlightLattice.PartsOf(flight, -1, lattice.FlightMax);
        for (int k = 0; k < parts; k++)
        {
            int record = next[lattice.PartOf(position, flight, -1, k, parts, out LatticeFlight part, out float tau)]++;
            records.SetPart(record, &part, slot, tau, sibling);
            sibling = record;
        }

        lattice.RecordOf[slot] = sibling;
        SplitSlots.Add(slot);
    }
}
