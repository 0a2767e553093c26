using ActorMD.Engine.Slices.Lists;
using FsCheck;
using FsCheck.Fluent;

namespace ActorMD.Engine.Tests.Properties;

/// <summary>Lists of neighbours hold every pair that was added, in both lists, and ahead in at least one of them.</summary>
public sealed unsafe class NeighborListProperties
{
    private const int Count = 40;

    [Fact]
    public void Lists_hold_all_pairs_that_were_added()
    {
        long most = 0;
        Gen<(int, int, int)[]> operations = Gen.ArrayOf(
            Gen.Choose(0, 30).SelectMany(kind => Gen.Choose(0, Count - 1), (kind, a) => (kind, a))
            .SelectMany(x => Gen.Choose(0, Count - 1), (x, b) => (x.kind, x.a, b)));
        Properties.Hold(Gen.Resize(operations, 1200), 60, all =>
        {
            using NeighborLists lists = new(Count);
            lists.Begin();
            HashSet<(int, int)> model = [];
            foreach ((int kind, int a, int b) in all)
            {
                if (kind == 0)
                {
                    lists.Clear(a); // a particle that moves forgets its list; those of the others keep it until they move themselves
                    model.RemoveWhere(pair => pair.Item1 == a);
                }
                else if (a != b)
                {
                    lists.AddNew(a, b);
                    model.Add((a, b));
                    model.Add((b, a));
                }
            }

            for (int slot = 0; slot < Count; slot++)
            {
                int[] found = EntriesOf(lists, slot, aheadOnly: false);
                Assert.Equal(model.Where(pair => pair.Item1 == slot).Select(pair => pair.Item2).Order(), found.Order());
                most = Math.Max(most, found.Length);
                foreach (int other in found.Where(other => model.Contains((other, slot))))
                {
                    Assert.True(
                        EntriesOf(lists, slot, aheadOnly: true).Contains(other) || EntriesOf(lists, other, aheadOnly: true).Contains(slot),
                        $"the pair {slot}, {other} stands ahead in no list");
                }
            }
        });
        Assert.True(most > 2 * NeighborLists.LineEntries, $"the longest list had {most} entries");
    }

    private static int[] EntriesOf(NeighborLists lists, int slot, bool aheadOnly)
    {
        List<int> found = [];
        for (int* line = lists.First(slot); line != null; line = lists.Next(line))
        {
            int count = aheadOnly ? NeighborLists.AheadCount(line) : NeighborLists.LineEntries;
            for (int k = 0; k < count; k++)
            {
                int other = line[k] >> NeighborLists.EntryShift;
                if (other != slot)
                {
                    found.Add(other);
                }
            }
        }

        return [.. found];
    }
}
