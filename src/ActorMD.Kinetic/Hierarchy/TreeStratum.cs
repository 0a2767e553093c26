using System.Collections.Immutable;
using ActorMD.Physics;

namespace ActorMD.Kinetic.Hierarchy;

/// <summary>
/// All trees with the same sequence of steps: what is added is fixed; to which particle, when, where and how fast is not.
/// </summary>
/// <param name="Steps">From the time of the observable backwards.</param>
/// <param name="Species">Of all particles at the end: the tracked ones, then the added ones step by step.</param>
public sealed record TreeStratum(ImmutableArray<TreeStep> Steps, ImmutableArray<int> Species)
{
    /// <summary>k: how many additions.</summary>
    public int Depth => Steps.Length;

    /// <summary>What tables call it: the steps, <c>A+A A+AA</c>; <c>-</c> for none.</summary>
    public string Name(Gas gas) => Steps.IsEmpty ? "-" : string.Join(' ', Steps.Select(s => s.Addition.Name(gas)));

    /// <summary>All strata of a depth.</summary>
    /// <param name="additions">Kinds of steps.</param>
    /// <param name="tracked">Species of the particles of the observable.</param>
    /// <param name="counts">N_a.</param>
    /// <param name="volume">Of the box.</param>
    /// <param name="depth">k.</param>
    /// <param name="isFinite">Whether the factors are those of N particles, (N-s)(N-s-1)..., or their limit N^l.</param>
    public static IEnumerable<TreeStratum> All(
        ImmutableArray<Addition> additions, ImmutableArray<int> tracked, ImmutableArray<int> counts, double volume, int depth,
        bool isFinite)
    {
        if (depth == 0)
        {
            return [new TreeStratum([], tracked)];
        }

        return
            from shorter in All(additions, tracked, counts, volume, depth - 1, isFinite)
            from addition in additions
            let step = TreeStep.Of(addition, shorter.Species, counts, volume, isFinite)
            where step is not null
            select new TreeStratum(shorter.Steps.Add(step), shorter.Species.AddRange(addition.Added));
    }
}

/// <summary>One step of a tree.</summary>
/// <param name="Addition">What meets what.</param>
/// <param name="Candidates">Positions of the particles that can be tracked members, for each species that a tracked member has.</param>
/// <param name="Factor">
/// Choices of the tracked members, times the factor of the counts, over the volume to the power of the new particles, times the geometry.
/// </param>
public sealed record TreeStep(Addition Addition, ImmutableArray<ImmutableArray<int>> Candidates, double Factor)
{
    /// <summary>The step after given particles; null when it cannot be.</summary>
    public static TreeStep? Of(Addition addition, ImmutableArray<int> present, ImmutableArray<int> counts, double volume, bool isFinite)
    {
        double factor = addition.Geometry;
        foreach (IGrouping<int, int> group in addition.Tracked.GroupBy(a => a))
        {
            factor *= Choices(present.Count(b => b == group.Key), group.Count());
        }

        foreach (IGrouping<int, int> group in addition.Added.GroupBy(a => a))
        {
            int number = group.Count();
            double left = counts[group.Key] - (isFinite ? present.Count(b => b == group.Key) : 0);
            for (int m = 0; m < number; m++)
            {
                factor *= Math.Max(isFinite ? left - m : left, 0) / (m + 1) / volume;
            }
        }

        return factor > 0
            ? new TreeStep(addition, [.. addition.Tracked.Select(a => Positions(present, a))], factor)
            : null;
    }

    private static ImmutableArray<int> Positions(ImmutableArray<int> present, int species) =>
        [.. Enumerable.Range(0, present.Length).Where(slot => present[slot] == species)];

    private static double Choices(int count, int number)
    {
        double choices = 1;
        for (int m = 0; m < number; m++)
        {
            choices *= (double)(count - m) / (m + 1);
        }

        return Math.Max(choices, 0);
    }
}
