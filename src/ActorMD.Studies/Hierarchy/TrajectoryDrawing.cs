using System.Text.Json;
using ActorMD.Files.Series;
using ActorMD.Kinetic.Hierarchy;
using ActorMD.Physics;
using ActorMD.Studies.Output;

namespace ActorMD.Studies.Hierarchy;

/// <summary>
/// Pseudo-trajectories of both hierarchies on the same draws: <c>trees.json</c> and a space-time picture of each, <c>trees-1.svg</c>, ...
/// </summary>
/// <param name="model">Gas and tracked particles.</param>
/// <param name="name">Of the case.</param>
/// <param name="time">t.</param>
/// <param name="depth">k.</param>
/// <param name="count">How many.</param>
/// <param name="seed">Of all draws.</param>
internal sealed class TrajectoryDrawing(SeriesModel model, string name, double time, int depth, int count, ulong seed) : IHierarchyPart
{
    public IEnumerable<BlockWork> Works => [];

    public HierarchySummary Finish(
        IReadOnlyDictionary<string, double[][]> sums, IDictionary<string, string> files, HierarchySummary summary)
    {
        TreeStratum[] strata = [.. model.Strata(depth)];
        PseudoTrajectories trajectories = new(model, depth);
        List<object> all = [];
        for (int n = 0; n < count; n++)
        {
            TreeStratum stratum = strata[n % strata.Length];
            (PseudoTrajectory points, PseudoTrajectory spheres) = trajectories.Draw(stratum, time, seed, n);
            all.Add(new { steps = stratum.Name(model.Gas), boltzmann = Json(points), bbgky = Json(spheres) });
            files[FormattableString.Invariant($"trees-{n + 1}.svg")] = Svg(stratum, points, spheres);
        }

        files["trees.json"] = JsonSerializer.Serialize(all) + "\n";
        return summary;
    }

    private object Json(PseudoTrajectory trajectory) => new
    {
        species = trajectory.Species.Select(a => model.Gas.Species[a].Name),
        legs = trajectory.Legs.Select(leg => new
        {
            from = leg.From,
            to = leg.To,
            before = leg.Before.Select(Components),
            after = leg.After.Select(Components),
            velocities = leg.Velocities.Select(Components),
        }),
    };

    private double[] Components(Vec3 v) => model.Gas.Dimension == 3 ? [v.X, v.Y, v.Z] : [v.X, v.Y];

    private string Svg(TreeStratum stratum, PseudoTrajectory points, PseudoTrajectory spheres)
    {
        Picture picture = new(
            $"{name}: {stratum.Name(model.Gas)}, Boltzmann (line) and BBGKY (dashed)", "x", "time", isLogX: false, isLogY: false);
        foreach ((PseudoTrajectory path, bool isDashed) in ((PseudoTrajectory, bool)[])[(points, false), (spheres, true)])
        {
            for (int leg = 0; leg < path.Legs.Count; leg++)
            {
                TrajectoryLeg flight = path.Legs[leg];
                for (int i = 0; i < flight.Before.Length; i++)
                {
                    picture.AddLine(
                        leg == path.Legs.Count - 1
                        && !isDashed ? FormattableString.Invariant($"{i + 1} ({model.Gas.Species[path.Species[i]].Name})") : null,
                        [(flight.Before[i].X, flight.From), (flight.After[i].X, flight.To)], i, isDashed);
                }
            }
        }

        return picture.ToSvg();
    }
}
