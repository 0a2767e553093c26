using ActorMD.Engine.Contacts;
using ActorMD.Engine.Events;
using ActorMD.Engine.Execution;
using ActorMD.Engine.Particles;
using ActorMD.Engine.Slices;
using ActorMD.Engine.Slices.Lattice;
using ActorMD.Engine.Slices.Lists;
using ActorMD.Physics;

namespace ActorMD.Engine.Tests.Properties;

/// <summary>No search of time slices rejects a pair that meets in the slice: against all images of all pairs.</summary>
/// <remarks>
/// What is tested here is all that the trajectory rests on: records, lattice, windows, fixed-point flights, Verlet spheres, lists.
/// </remarks>
public sealed unsafe class SliceSearchProperties
{
    private long _pairCount;
    private long _splitCount;
    private long _searchCount;

    [Fact]
    public void The_lattice_never_rejects_a_contact() => NeverRejects(SearchMethod.TimeSlices, (gas, grid, plan, store, check) =>
    {
        LatticeSearch search = new(gas, grid, plan, store, prefetches: false);
        check.Run<ByLattice<SpeciesTable>>(new(search));
        _splitCount += search.Sorter.SplitSlots.Count;
    });

    [Fact]
    public void Lists_of_neighbours_never_reject_a_contact() =>
        NeverRejects(SearchMethod.TimeSlicesWithLists, (gas, grid, plan, store, check) =>
    {
        NeighborListSearch<SpeciesTable> search = new(grid, plan, store, prefetches: false);
        check.Run<ByLists<SpeciesTable>>(new(search, store));
        for (int slot = 0; slot < store.Count; slot++)
        {
            _splitCount += search.Spheres.HasNoSphere(slot) ? 1 : 0;
        }
    });

    private void NeverRejects(SearchMethod method, Action<Gas, SliceGrid, SlicePlan, ParticleStore, SliceCheck> run)
    {
        Properties.Hold(SliceCase.Any, 120, any =>
        {
            Gas gas = any.ToGas();
            SearchSettings settings = new(method, CellWidth: 0.8);
            ParticleState[] particles = any.Particles(gas, half: 0.2);
            SlicePlan plan = SlicePlan.For(gas, particles, 0, settings)
                ?? throw new InvalidOperationException("no slices");
            Assert.Equal(method == SearchMethod.TimeSlicesWithLists, plan.KeepsNeighbors);
            using ParticleStore store = ParticleStore.Of(
                new SystemState(particles, double.PositiveInfinity), [.. Enumerable.Range(0, particles.Length)]);
            SliceGrid grid = new(gas, plan);
            using LawTables laws = new(gas);
            SliceCheck check = new(gas, store, new SliceClock(0, 0.2), laws);
            run(gas, grid, plan, store, check);
            _pairCount += check.PairCount;
            _searchCount += check.SearchCount;
        });
        Assert.True(_pairCount > 1500, $"{_pairCount} pairs met");
        Assert.True(_searchCount > 3000, $"{_searchCount} searches found a particle");
        Assert.True(_splitCount > 300, $"{_splitCount} flights were split");
    }
}
