using System.Collections.Immutable;
using System.Globalization;
using ActorMD.Physics;
using ActorMD.Physics.Overlaps;

namespace ActorMD.Kinetic.Initial;

/// <summary>No initial state exists for what was asked, or none was found. The message says why and what to do.</summary>
public sealed class InitialStateException : Exception
{
    private InitialStateException(string message)
        : base(message)
    {
    }

    internal static InitialStateException Counts(Gas gas, ImmutableArray<int> counts) => new(Text(
        $"there are {counts.Length} counts for {gas.Species.Length} species, with {counts.Sum(c => (long)c)} particles in all; every species needs a count of 0 or more, and one particle at least"));

    internal static InitialStateException VelocityCount(Gas gas, int given) => new(Text(
        $"there are {given} velocity distributions for {gas.Species.Length} species; each species needs one"));

    internal static InitialStateException SphereWiderThanBox(Species species, char axis, double length) => new(Text(
        $"species {species.Name} with diameter {species.Diameter} does not fit between the walls of axis {axis}, which are {length} apart; enlarge the box or shrink the diameter"));

    internal static InitialStateException LatticeTooDense(int count, double spacing, double contact, double packing) => new(Text(
        $"no lattice of {count} particles fits: the best one has neighbours {spacing} apart, but spheres touch at {contact} (packing {packing:0.####}); use fewer or smaller particles, or a larger box"));

    internal static InitialStateException CrystalOfOtherGas(CrystalKind kind, int speciesCount) => new(Text(
        $"the crystal {kind.ToString().ToLowerInvariant()} needs a box in three dimensions that is periodic on all sides, and a gas of {speciesCount} species; leave initial.positions.lattice out for a lattice of any gas"));

    internal static InitialStateException CrystalOfOtherCounts(CrystalKind kind, int[] inCell, ImmutableArray<int> counts) => new(Text(
        $"a cell of the crystal {kind.ToString().ToLowerInvariant()} has {string.Join(" and ", inCell)} particles, and the counts {string.Join(" and ", counts)} fill no whole number of cells: give multiples of these, such as {string.Join(" and ", inCell.Select(n => n * Math.Max(1, counts[0] / inCell[0])))}"));

    internal static InitialStateException LatticeOverlap(Overlap overlap) => new(Text(
        $"the lattice puts particles {string.Join(", ", overlap.Ids)} inside the zone of order {overlap.Order} (d_{overlap.Order} is short by {overlap.Relative:0.##%}); use method growth or conditioned, a smaller zone or a larger box"));

    internal static InitialStateException NoValidStart(int placed, int count, double packing) => new(Text(
        $"conditioned sampling found no valid start: {placed} of {count} particles fit at random, and no lattice fits either (packing {packing:0.####}); use method growth, or a lower density or smaller zones"));

    internal static InitialStateException ChainTooSlow(double acceptance, int sweepCount, double packing) => new(Text(
        $"conditioned sampling does not mix: after {sweepCount} sweeps only a share of {acceptance:0.##E+0} of the redraws was accepted (packing {packing:0.####}); use method growth or lattice and a run with equilibrate, or a lower density"));

    internal static InitialStateException ExchangeTooSlow(double branching, double packing) => new(Text(
        $"conditioned sampling does not mix: large particles can move only by exchanging positions with the small ones, and hardly any of these steps succeeds: the small ones are too dense (one that is put anywhere overlaps with {branching:0.##} others, packing {packing:0.####}), or open sides cut off what lies around a large one; use method growth and a run with equilibrate, walls instead of open sides, or a lower density"));

    internal static InitialStateException GrowthStuck(double reached, double wanted, double scale) => new(Text(
        $"growth got stuck at packing {reached:0.####}, with diameters and zones at {scale:0.####} of their full size, before the packing {wanted:0.####} that is asked for; use method lattice, a lower density, or smaller zones"));

    internal static InitialStateException NowhereDense(int trials) => new(Text(
        $"a density profile is so narrow that {trials} uniform positions all missed it; make it wider, or give the box a density in the background"));

    internal static InitialStateException EnergyBelowMeanMotion(double energy, double meanMotion) => new(Text(
        $"the total energy {energy} is less than {meanMotion}, the energy of the mean motion alone; raise the energy or lower the total momentum or mean velocity"));

    internal static InitialStateException NothingToScale(double energy, double meanMotion) => new(Text(
        $"the total energy {energy} cannot be reached: all particles move with the mean velocity, with energy {meanMotion}; give a species a temperature above 0"));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
