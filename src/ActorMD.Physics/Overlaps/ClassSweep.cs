namespace ActorMD.Physics.Overlaps;

/// <summary>
/// Lists all pairs of particles that may be within reach of each other in a gas whose sizes may differ much: a sweep in columns for
/// each class of sizes by itself, and for each pair of classes a sweep of the larger ones over the smaller ones along the first axis.
/// </summary>
/// <remarks>A gas of one class is one <see cref="ColumnSweep"/>. A pair can come twice.</remarks>
internal sealed class ClassSweep
{
    private readonly SizeClasses _classes;
    private readonly IEnumerator<(int First, int Second)>? _pairs;
    private readonly ColumnSweep? _only;

    public ClassSweep(Gas gas, ReadOnlySpan<Vec3> positions, ReadOnlySpan<int> kinds)
    {
        _classes = SizeClasses.Of(gas);
        if (_classes.Count == 1)
        {
            _only = new ColumnSweep(gas.Box, positions, gas.ReachMax);
            return;
        }

        List<int>[] members = [.. Enumerable.Range(0, _classes.Count).Select(_ => new List<int>())];
        for (int i = 0; i < positions.Length; i++)
        {
            members[_classes.ClassOf[kinds[i]]].Add(i);
        }

        _pairs = Pairs(gas.Box, positions.ToArray(), members).GetEnumerator();
    }

    /// <summary>The next pair; false after the last one.</summary>
    public bool NextPair(out int i, out int j)
    {
        if (_only is not null)
        {
            return _only.NextPair(out i, out j);
        }

        bool isThere = _pairs!.MoveNext();
        (i, j) = isThere ? _pairs.Current : (-1, -1);
        return isThere;
    }

    private IEnumerable<(int First, int Second)> Pairs(Box box, Vec3[] positions, List<int>[] members)
    {
        for (int c = 0; c < members.Length; c++)
        {
            if (members[c].Count > 1)
            {
                ColumnSweep sweep = new(box, [.. members[c].Select(i => positions[i])], _classes.Reach(c, c));
                while (sweep.NextPair(out int first, out int second))
                {
                    yield return (members[c][first], members[c][second]);
                }
            }
        }

        for (int smaller = 0; smaller < members.Length; smaller++)
        {
            int[] ids = [.. members[smaller]];
            double[] keys = [.. ids.Select(i => KeyOf(box, positions[i]))];
            Array.Sort(keys, ids);
            for (int larger = smaller + 1; larger < members.Length && ids.Length > 0; larger++)
            {
                double reach = _classes.Reach(smaller, larger) * (1 + 1e-9);
                foreach (int i in members[larger])
                {
                    foreach (int j in Within(box, keys, ids, KeyOf(box, positions[i]), reach))
                    {
                        if (MayReach(box, positions[j] - positions[i], reach))
                        {
                            yield return (i, j);
                        }
                    }
                }
            }
        }
    }

    // All whose keys are within the reach of a key, in any image.
    private static IEnumerable<int> Within(Box box, double[] keys, int[] ids, double key, double reach)
    {
        for (int image = box.IsPeriodic(0) ? -1 : 0; image <= (box.IsPeriodic(0) ? 1 : 0); image++)
        {
            double low = key + image * box.Lengths.X - reach;
            int k = Array.BinarySearch(keys, low);
            for (k = k < 0 ? ~k : FirstOf(keys, k); k < keys.Length && keys[k] <= low + 2 * reach; k++)
            {
                yield return ids[k];
            }
        }
    }

    private static int FirstOf(double[] keys, int k)
    {
        while (k > 0 && keys[k - 1] == keys[k])
        {
            k--;
        }

        return k;
    }

    private static bool MayReach(Box box, Vec3 difference, double reach) => box.NearestImage(difference).LengthSquared <= reach * reach;

    private static double KeyOf(Box box, Vec3 position) => box.IsPeriodic(0) ? Box.Wrap(position.X, box.Lengths.X, out _) : position.X;
}
