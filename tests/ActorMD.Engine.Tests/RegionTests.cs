using ActorMD.Engine.Execution;
using ActorMD.Engine.Grids;
using ActorMD.Engine.Regions;
using ActorMD.Engine.Slices;
using ActorMD.Kinetic.Initial;
using ActorMD.Physics;
using ActorMD.Testing;

namespace ActorMD.Engine.Tests;

/// <summary>A region from window to window.</summary>
public class RegionTests
{
    // Large enough for slots to be renumbered on the way, dense enough for lists of neighbours.
    [Theory]
    [InlineData(11_000, 0, 0.32)]
    [InlineData(2_500, 1_250, 0.5)]
    [InlineData(3_000, 3, 0.32)]
    [InlineData(12_000, 12, 0.02)]
    public void What_a_region_has_kept_from_earlier_windows_changes_nothing(int count, int otherCount, double density)
    {
        const int Windows = 14;
        bool hasLarge = otherCount is > 0 and < 100;
        double windowLength = density < 0.1 ? 0.5 : 0.04, side = Math.Cbrt(count * Math.PI / 6 / density);
        Species other = hasLarge ? new Species("L", 200, 9) : Gases.Heavy;
        Gas gas = new(
            new Box(3, new Vec3(side, side, side), Boundary.Periodic, Boundary.Periodic, Boundary.Periodic),
            otherCount > 0 ? [Gases.Light, other] : [Gases.Light], []);
        int[] counts = otherCount > 0 ? [count - otherCount, otherCount] : [count];
        ParticleState[] all = [
            .. (hasLarge ? Gases.Start(gas, counts, PositionMethod.Growth, seed: 5) : Gases.Lattice(gas, counts, seed: 5)).Particles];
        Assert.Equal(hasLarge, SlicePlan.For(gas, RegionSpace.Whole, all, 0, SearchSettings.Automatic)!.Split.HasLarge);
        Random random = new(7);
        List<int> absent = [];
        int events = 0;
        using RegionEngine kept = new(gas);
        kept.Reserve(count);
        for (int id = 0; id < count; id++)
        {
            kept.Add(id, 0, all[id]);
        }

        for (int window = 0; window < Windows; window++)
        {
            double start = window * windowLength, end = start + windowLength;
            kept.RenumberIfDue();
            for (int k = 0; k < count / 50; k++)
            {
                int index = random.Next(kept.Count);
                absent.Add(kept.Ids[index]);
                all[kept.Ids[index]] = kept[index];
                kept.Remove(index);
            }

            BringBack(kept, absent, all, gas, start, random);
            using RegionEngine renewed = new(gas);
            renewed.Reserve(kept.Count);
            for (int index = 0; index < kept.Count; index++)
            {
                renewed.Add(kept.Ids[index], 0, kept[index]);
            }

            foreach (RegionEngine region in (RegionEngine[])[kept, renewed])
            {
                region.Begin(start);
                Assert.Null(region.Run(end));
            }

            events += kept.Ledger.Events.Length;
            for (int index = 0; index < kept.Count; index++)
            {
                Assert.Equal(kept.Ids[index], renewed.Ids[index]);
                Assert.Equal(kept[index], renewed[index]);
            }
        }

        Assert.True(events > (density < 0.1 ? count / 4 : count));
    }

    // Some of the absent particles come back where they have been, if no other has come there meanwhile.
    private static void BringBack(RegionEngine region, List<int> absent, ParticleState[] all, Gas gas, double time, Random random)
    {
        for (int trial = 0; trial < 40; trial++)
        {
            int k = random.Next(absent.Count), id = absent[k];
            ParticleState state = all[id];
            Vec3 place = state.PositionAt(time);
            bool isFree = true;
            for (int index = 0; index < region.Count && isFree; index++)
            {
                double contact = gas.ContactDistance(state.Kind, region[index].Kind);
                isFree = gas.Box.NearestImage(region.PositionAt(index, time) - place).LengthSquared > contact * contact;
            }

            if (isFree)
            {
                region.Add(id, 0, state);
                absent.RemoveAt(k);
            }
        }
    }
}
